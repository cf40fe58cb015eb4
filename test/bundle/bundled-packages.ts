import type { Metafile } from 'esbuild';
import { sum } from '../bench/median.ts';

/** The project's own code among the packages. */
export const own = 'own code';

/** How many bytes each package has in a bundle, the largest first. */
export const bundledPackages = ({ outputs }: Metafile): ReadonlyMap<string, number> => {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const byPackage = Map.groupBy(inputs, ([path]) => packageOf(path));
  const sizes = [...byPackage].map(
    ([name, parts]) => [name, sum(parts.map(([, part]) => part.bytesInOutput))] as const,
  );
  return new Map(sizes.filter(([, bytes]) => bytes > 0).sort(([, one], [, other]) => other - one));
};

const packageOf = (path: string): string => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? own;
