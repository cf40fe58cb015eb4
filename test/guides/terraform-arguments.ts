import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './program.ts';

/** The arguments of a data block, as Terraform evaluates them without a provider; nested blocks are left out. */
export const argumentsOf = async (block: string, variables: Readonly<Record<string, string>>) => {
  const content = /^data .*? \{\n(.*?)^\}/ms.exec(block)?.[1] ?? '';
  const body = content.replace(/^ {2}\w+ \{\n.*?^ {2}\}\n/gms, '');
  const names = [...body.matchAll(/^ {2}(\w+) +=/gm)].map(([, name]) => name);
  const declared = Object.keys(variables).map((name) => `variable "${name}" {}\n`);
  const cwd = await mkdtemp(join(tmpdir(), 'terraform-'));
  try {
    await writeFile(join(cwd, 'main.tf'), `${declared.join('')}locals {\n${body}}\n`);
    const env = Object.fromEntries(Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value]));
    const input = `jsonencode({ ${names.map((name) => `${name} = local.${name}`).join(', ')} })\n`;
    const { stdout, stderr } = await run('terraform', ['console'], { cwd, env, input });
    if (!stdout.startsWith('"')) throw new Error(`Terraform can't say what they are: ${stdout}${stderr}`);
    return JSON.parse(JSON.parse(stdout));
  } finally {
    await rm(cwd, { recursive: true });
  }
};
