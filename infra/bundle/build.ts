import { bundle, functionNames } from './bundle.ts';

// `npm run build`: writes the functions to `.build`, as in a release. A deployment builds the same.
await bundle(...functionNames);
