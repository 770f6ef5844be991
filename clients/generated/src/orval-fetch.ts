/** Where the service is and who calls; the generated functions know paths only. */
export interface Caller extends RequestInit {
  readonly baseUrl?: string;
}

/** What the generated functions call. */
export async function send<Answer>(path: string, options: Caller): Promise<Answer> {
  const { baseUrl, ...request } = options;
  const answer = await fetch(new URL(path, baseUrl), request);
  const data: unknown = JSON.parse(await answer.text());
  return { status: answer.status, data, headers: answer.headers } as Answer;
}
