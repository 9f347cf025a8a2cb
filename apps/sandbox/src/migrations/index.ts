import { CreateSandbox1790000000000 } from './1790000000000-create-sandbox';

export const migrations = [CreateSandbox1790000000000];
