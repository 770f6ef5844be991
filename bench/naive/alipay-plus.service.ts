import { createSign, createVerify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { firstValueFrom } from 'rxjs';
import { setting } from '../floor/setting.js';
import type { UserInitiatedPayResponse } from './user-initiated-pay-response.js';

const PATH = '/aps/api/v1/payments/userInitiatedPay';

export interface AlipayPlusAnswer {
  readonly status: number;
  readonly requestTime: string;
  readonly text: string;
  readonly body: UserInitiatedPayResponse;
}

@Injectable()
export class AlipayPlusService {
  private readonly baseUrl = setting('ALIPAYPLUS_BASE_URL');
  private readonly clientId = setting('ALIPAYPLUS_CLIENT_ID');
  private readonly privateKey = readFileSync(setting('ALIPAYPLUS_PRIVATE_KEY_FILE'), 'utf8');
  private readonly publicKey = readFileSync(
    setting('ALIPAYPLUS_PUBLIC_KEY_FILES').replace(/^1=/, ''),
    'utf8',
  );

  constructor(private readonly http: HttpService) {}

  async userInitiatedPay(body: string): Promise<AlipayPlusAnswer> {
    const requestTime = new Date().toISOString();
    const answer = await firstValueFrom(
      this.http.post<string>(this.baseUrl + PATH, body, {
        timeout: 8_000,
        // As text: a body that was parsed and written again has another signature.
        responseType: 'text',
        transformResponse: (text: string) => text,
        headers: {
          'Content-Type': 'application/json; charset=UTF-8',
          'Client-Id': this.clientId,
          'Request-Time': requestTime,
          Signature: `algorithm=RSA256,keyVersion=1,signature=${this.sign(requestTime, body)}`,
        },
      }),
    );
    const { 'response-time': time, signature } = answer.headers;
    if (!this.verify(String(time), answer.data, String(signature))) throw new Error('bad signature');
    return {
      status: answer.status,
      requestTime,
      text: answer.data,
      body: JSON.parse(answer.data) as UserInitiatedPayResponse,
    };
  }

  private sign(time: string, body: string): string {
    const signer = createSign('RSA-SHA256').update(`POST ${PATH}\n${this.clientId}.${time}.${body}`);
    return encodeURIComponent(signer.sign(this.privateKey, 'base64'));
  }

  private verify(time: string, body: string, header: string): boolean {
    const signature = decodeURIComponent(header.split('signature=')[1] ?? '');
    const verifier = createVerify('RSA-SHA256').update(`POST ${PATH}\n${this.clientId}.${time}.${body}`);
    return verifier.verify(this.publicKey, signature, 'base64');
  }
}
