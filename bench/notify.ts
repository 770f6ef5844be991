import 'reflect-metadata';
import { measureSpeed } from './notify/speed.js';

await measureSpeed();
