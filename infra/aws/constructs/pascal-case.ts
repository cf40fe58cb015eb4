/** An endpoint's name as a construct id: `CreateConnectorInstance` for `create-connector-instance`. */
export const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)([a-z\d])/g, (_, first: string) => first.toUpperCase());
