import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import { createConnectorInstance, parseRequest } from './pingone-by-fetch.ts';

/** The handler that one writes by hand. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> => {
  const request = parseRequest(event);
  if (!request.success) return json(400, JSON.stringify({ message: 'Invalid request', issues: request.error.issues }));
  try {
    const { statusCode, body } = await createConnectorInstance(request.data);
    return json(statusCode, body);
  } catch (error) {
    console.error(error);
    return json(502, JSON.stringify({ message: 'PingOne could not be reached' }));
  }
};

const json = (statusCode: number, body: string) => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body,
});
