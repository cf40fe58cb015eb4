import { bundle, functionNames } from './bundle.ts';

// `npm run build`: writes the functions to `.build`, as a release has them. A deployment builds the same by itself.
await bundle(...functionNames);
