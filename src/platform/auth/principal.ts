/** Who is calling, as far as the token tells. */
export interface Principal {
  /** Of the API key or the client application; for the log. */
  readonly name: string;
  readonly scopes: ReadonlySet<string>;
  /** Present when the token was made for one person: it may then act for nobody else. */
  readonly subject?: string;
}
