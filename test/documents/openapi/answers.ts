import type { OpenApiDocument, Operation } from './document.ts';
import { schemaErrors } from './schemas.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Headers that HTTP and API Gateway add to every answer. */
const ofTransport = new Set(['apigw-requestid', 'connection', 'content-length', 'content-type', 'date', 'keep-alive']);

/** The differences between an answer and the document: status, content type, body and headers. */
export const answerErrors = (document: OpenApiDocument) => {
  const errors = schemaErrors(document);
  return ({ responses }: Operation, { status, headers, text }: Answer): readonly string[] => {
    const response = responses[keyOf(responses, status)];
    const type = headers.get('content-type') ?? '';
    const content = response?.content[type];
    if (!response || !content) return [`${status} with ${type} is not documented`];
    const described = Object.entries(response.headers).flatMap(([name, { $ref }]) => {
      const { required, schema } = document.components.headers[$ref.split('/').at(-1) ?? ''] ?? {};
      const value = headers.get(name);
      if (value === null) return required ? [`${name} is absent`] : [];
      const typed = schema?.type === 'integer' ? Number(value) : value;
      return errors(schema ?? { not: {} }, typed).map((error) => `${name}: ${error}`);
    });
    const known = new Set(Object.keys(response.headers).map((name) => name.toLowerCase()));
    const others = [...headers.keys()].filter((name) => !ofTransport.has(name) && !known.has(name));
    return [
      ...errors(content.schema, JSON.parse(text)),
      ...described,
      ...others.map((name) => `${name} is not documented`),
    ];
  };
};

/** The name of an answer: its status or class in the document, and its problem or sender. */
export const endOf = ({ responses }: Operation, { status, text }: Answer): string => {
  const key = keyOf(responses, status);
  if (status < 300) return key;
  const { type } = Object(JSON.parse(text));
  return `${key} ${type === undefined ? 'API Gateway' : new URL(type).hash.slice(1)}`;
};

/** Every documented answer of an operation, by the same names. */
export const endsOf = ({ responses }: Operation): readonly string[] =>
  Object.entries(responses).flatMap(([key, { content }]) => {
    if (key.startsWith('2')) return [key];
    const json = JSON.stringify(content['application/json']) ?? '';
    const codes = /"#\(\?:([A-Z_|]+)\)\$"/.exec(json)?.[1]?.split('|') ?? [];
    return [...codes, ...(json.includes('ApiGatewayMessage') ? ['API Gateway'] : [])].map((end) => `${key} ${end}`);
  });

/** An exact status takes precedence over its class. */
const keyOf = (responses: Operation['responses'], status: number): string =>
  String(status) in responses ? String(status) : `${Math.floor(status / 100)}XX`;
