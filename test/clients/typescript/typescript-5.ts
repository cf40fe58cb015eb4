import { registerHooks } from 'node:module';

// openapi-typescript writes by the API of TypeScript 5, which this project's TypeScript no longer has.
registerHooks({
  resolve: (specifier, context, resolve) => resolve(specifier === 'typescript' ? 'typescript-5' : specifier, context),
});
