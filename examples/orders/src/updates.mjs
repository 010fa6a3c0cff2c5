/** Accepts and closes connections; updates are pushed by the service that owns the order. */
export const handle = async () => ({ statusCode: 200 });
