import release from '../../package.json' with { type: 'json' };

/** The version of this release, in both API documents. */
export const { version } = release;
