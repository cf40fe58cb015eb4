import * as z from 'zod/mini';

/** At any level PingOne shows asterisks in place of a secret. A single one may be a value: every host of a list. */
const mask = /^\*{2,}$/;

/** Refuses masks in place of secrets: PingOne would store the asterisks as the secret. */
export const unmasked = () =>
  z.superRefine((properties: unknown, context) => {
    for (const path of masksIn(properties)) {
      const message =
        "is PingOne's mask of a secret, which PingOne would store; send the secret or leave the member out";
      context.addIssue({ code: 'custom', path, message });
    }
  });

interface Place {
  readonly value: unknown;
  readonly name: string;
  readonly parent: Place | undefined;
}

/** The paths of all masks. No recursion: the nesting of a body is the caller's. */
const masksIn = (properties: unknown): readonly string[][] => {
  const places: Place[] = [{ value: properties, name: '', parent: undefined }];
  for (const place of places) {
    const { value } = place;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value)) places.push({ value: member, name, parent: place });
  }
  return places.filter(({ value }) => typeof value === 'string' && mask.test(value)).map(pathOf);
};

const pathOf = (place: Place): string[] => {
  const path: string[] = [];
  for (let each = place; each.parent; each = each.parent) path.unshift(each.name);
  return path;
};
