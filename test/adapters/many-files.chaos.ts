import { readsAThousandFiles } from './many-files.ts';

readsAThousandFiles('parquet');
