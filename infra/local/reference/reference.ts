import { errorsGuide } from '../guides/guides.ts';
import type { Page } from '../loopback/loopback.ts';
import { json } from '../loopback/reply.ts';
import { html } from '../web/files.ts';

interface ReferenceAddresses {
  readonly apiPath: string;
  readonly iam: { readonly apiPath: string };
}

/** The reference of the HTTP API, and the OpenAPI document that it shows. */
export const referencePages = ({ apiPath, iam }: ReferenceAddresses, isSandbox: boolean): Record<string, Page> => {
  // Loaded late: few runs show them.
  const openApiOf = async () => {
    const [{ openApi }, { endpoints }] = await Promise.all([
      import('../../documents/openapi/openapi.ts'),
      import('../../../lib/endpoints/index.ts'),
    ]);
    return openApi(endpoints, { apiPath, iamApiPath: iam.apiPath, docsUrl: new URL(errorsGuide, apiPath).href });
  };
  return {
    'GET /docs': async () =>
      html(await (await import('./page.ts')).referencePage(await openApiOf(), { apiPath, isSandbox })),
    'GET /openapi.json': async () => json(200, await openApiOf()),
  };
};
