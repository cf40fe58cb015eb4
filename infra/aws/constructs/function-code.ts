import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Stage as AppStage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Grants } from '../../../lib/grants/document.ts';
import { packGrants } from '../../../lib/grants/packed.ts';
import { bundleOf, type FunctionName } from '../../bundle/bundle.ts';

/** The grants' file in a function's working directory. */
export const grantsFileName = 'grants.json';

/** The code of a function: its bundle, its source map and, if it decides on requests, its grants. */
export const functionCode = (scope: Construct, name: FunctionName, grants: Grants | undefined): Code => {
  const directory = join(AppStage.of(scope)?.outdir ?? '', 'functions', name);
  mkdirSync(directory, { recursive: true });
  for (const file of ['index.cjs', 'index.cjs.map'])
    copyFileSync(join(dirname(bundleOf(name)), file), join(directory, file));
  if (grants) writeFileSync(join(directory, grantsFileName), packGrants(grants));
  return Code.fromAsset(directory);
};
