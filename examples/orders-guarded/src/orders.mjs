import { randomUUID } from 'node:crypto';
import { DeleteCommand, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { answer, orders, table } from './table.mjs';

export async function create(event) {
  let input;
  try {
    input = JSON.parse(event.body ?? '');
  } catch {
    return answer(400, { message: 'the body is not JSON' });
  }
  if (!Array.isArray(input?.items) || input.items.length === 0)
    return answer(400, { message: 'items must be a list with at least one item' });
  const order = { orderId: randomUUID(), items: input.items, createdAt: new Date().toISOString() };
  await orders.send(new PutCommand({ TableName: table, Item: order }));
  return answer(201, order);
}

export async function list() {
  const { Items = [] } = await orders.send(new ScanCommand({ TableName: table, Limit: 50 }));
  return answer(200, Items);
}

export async function get(event) {
  const { Item } = await orders.send(new GetCommand({ TableName: table, Key: { orderId: event.pathParameters.id } }));
  return Item ? answer(200, Item) : answer(404, { message: 'no such order' });
}

export async function remove(event) {
  await orders.send(new DeleteCommand({ TableName: table, Key: { orderId: event.pathParameters.id } }));
  return answer(204);
}
