import { createHmac, timingSafeEqual } from 'node:crypto';
import { answer } from './table.mjs';

/** The payment provider signs the body; whoever cannot sign is refused here, not at the gateway. */
export async function handle(event) {
  const expected = createHmac('sha256', process.env.PAYMENT_API_KEY)
    .update(event.body ?? '')
    .digest();
  const sent = Buffer.from(event.headers['x-payment-signature'] ?? '', 'hex');
  if (sent.length !== expected.length || !timingSafeEqual(sent, expected))
    return answer(401, { message: 'bad signature' });
  return answer(202, { received: true });
}
