import type { InterceptAws } from '../../infra/local/aws/aws.ts';
import { throttled } from '../../infra/local/aws/service.ts';
import { json, type Reply } from '../../infra/local/loopback/reply.ts';
import type { Canaries } from './canaries.ts';

/** An unforeseen error, with a mark in every member, and lines that look like stack frames. */
export const hostileError = (canaries: Canaries): Error => {
  const mark = canaries.mark('an unforeseen error');
  const message = `Unexpected token in "${mark}"\n    at ${mark} (/${mark}:1:1)`;
  const cause = new TypeError(message, { cause: { message, body: mark } });
  return Object.assign(new SyntaxError(message, { cause }), { code: `${mark} ${mark}`, body: mark, input: mark });
};

/** AWS services that sometimes refuse a call and quote its input and its signed request. */
export const quotingAws = (canaries: Canaries): InterceptAws => {
  let calls = 0;
  return async (moment, { operation, input }) => {
    if (moment === 'after' || operation === 'Scan' || isOfSender(input) || ++calls % 7 > 0) return undefined;
    const answers = quotingAnswers(`${JSON.stringify(input)} ${canaries.mark('AWS’s message')}`);
    return answers[(calls / 7) % answers.length];
  };
};

const quotingAnswers = (quoted: string): Reply[] => [
  awsError('ValidationException', `1 validation error detected: Value '${quoted}' failed\n    at ${quoted} (/a:1:1)`),
  awsError('InvalidMessageContents', `Invalid characters were found in ${quoted}`),
  awsError('InvalidSignatureException', `The Canonical String should have been 'POST\nx-amz-security-token:${quoted}'`),
  awsError('SerializationException', quoted),
  { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: `{"${quoted}` },
  { status: 500, headers: { 'content-type': 'text/html' }, body: `<html>${quoted}` },
  throttled(),
];

const awsError = (type: string, message: string): Reply => json(400, { __type: `com.amazonaws#${type}`, message });

/** The tests' own events and messages must arrive. */
const isOfSender = (input: unknown): boolean => {
  const text = JSON.stringify(input);
  const isSent = text.includes('"MessageBody"') && !text.includes('"MessageAttributes"');
  return text.includes('"com.example.') || (isSent && !text.includes('provisioner.accepted'));
};
