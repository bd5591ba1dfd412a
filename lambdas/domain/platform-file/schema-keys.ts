import * as z from 'zod';

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  const?: unknown;
}

/** The keys that may stand at a path; of a union, those of the kind that the value claims to be. */
export function keysAt(schema: z.ZodType, path: PropertyKey[], value: unknown): string[] {
  let schemas = [asJsonSchema(schema)];
  let at = value;
  for (const step of path) {
    schemas = choices(schemas, at).flatMap((choice) => child(choice, step));
    at = Object(at)[step];
  }
  return [
    ...new Set(choices(schemas, at).flatMap((choice) => Object.keys(choice.properties ?? {}))),
  ];
}

/** Every key anywhere in the schema, e.g. to check that all are documented. */
export function allKeys(schema: z.ZodType): string[] {
  const within = (node: JsonSchema): string[] => [
    ...Object.keys(node.properties ?? {}),
    ...[
      ...Object.values(node.properties ?? {}),
      ...(typeof node.additionalProperties === 'object' ? [node.additionalProperties] : []),
      ...(node.items ? [node.items] : []),
      ...alternatives(node),
    ].flatMap(within),
  ];
  return [...new Set(within(asJsonSchema(schema)))];
}

const asJsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', reused: 'inline' }) as JsonSchema;

const alternatives = ({ anyOf = [], oneOf = [] }: JsonSchema) => [...anyOf, ...oneOf];

function choices(schemas: JsonSchema[], value: unknown): JsonSchema[] {
  return schemas
    .flatMap((schema) => [schema, ...alternatives(schema)])
    .filter(({ properties = {} }) =>
      Object.entries(properties).every(
        ([key, { const: constant }]) => constant === undefined || Object(value)[key] === constant,
      ),
    );
}

function child(schema: JsonSchema, step: PropertyKey): JsonSchema[] {
  const below = schema.properties?.[String(step)] ?? schema.items ?? schema.additionalProperties;
  return typeof below === 'object' ? [below] : [];
}
