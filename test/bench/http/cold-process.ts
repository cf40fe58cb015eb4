import { writeSync } from 'node:fs';
import { load, logAsLambda, send } from './invocation.ts';

const [, , bundle = '', text = '', name = ''] = process.argv;
const event = JSON.parse(text);
logAsLambda();

const begin = performance.now();
const { handler } = await load(bundle);
const importMs = performance.now() - begin;
await send(handler, event, name);
const answerMs = performance.now() - begin;

writeSync(3, JSON.stringify({ importMs, answerMs }));
process.exit();
