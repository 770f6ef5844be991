import { randomUUID } from 'node:crypto';
import { ask } from '../database/ask.js';
import type { TestService } from './test-service.js';
import { untilNotified } from './until-notified.js';

/** Parks the notifications of chosen payments at once, as a worker does at the end of their time. */
export async function parkable({ database }: TestService): Promise<void> {
  await ask(
    database.url,
    `create table if not exists held (payment_id uuid);
     create or replace function hold() returns trigger language plpgsql as $$ begin
       if exists (select 1 from held h where h.payment_id = new.payment_id) then new.gives_up_at = db_now(); end if;
       return new; end $$;
     create or replace trigger hold_tr before insert on notification for each row execute function hold()`,
  );
}

/** A payment that is paid and whose result is parked; when resent it is acknowledged. */
export async function park(test: TestService, code = `twin:S;notify=U,S#${randomUUID()}`): Promise<string> {
  const payment = await test.app.decodedPayment(code);
  await ask(test.database.url, 'insert into held values ($1)', [payment.paymentId]);
  const { body } = await test.app.confirm(payment);
  if (body.status !== 'PAID') throw new Error(`not paid: ${body.status}`);
  await untilNotified(test.operator, payment.paymentId, 'PARKED');
  return payment.paymentId;
}
