import { createDatabase } from './database.ts';

export default createDatabase;
