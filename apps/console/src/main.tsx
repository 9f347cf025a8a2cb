import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app';
import './style.css';

// Why: zod's compiled parsers need `new Function`, which the page's security policy forbids.
z.config({ jitless: true });

const root = document.getElementById('root');
if (root) createRoot(root).render(<StrictMode><App /></StrictMode>);
