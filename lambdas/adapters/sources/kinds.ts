import type { Source } from '../../domain/platform.ts';
import type { SourceKind } from '../source.ts';
import { dynamodb } from './dynamodb.ts';
import { postgres } from './postgres.ts';
import { s3 } from './s3.ts';

const kinds: { [Kind in Source['kind']]: SourceKind<Kind> } = { postgres, s3, dynamodb };

/** The implementation for a source; its context must carry the same source. */
export const kindOf = ({ kind }: Source): SourceKind => kinds[kind] as SourceKind;
