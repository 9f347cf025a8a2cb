import mjml from 'mjml-core';
import preset from 'mjml-preset-core';

/** The HTML of an MJML document, on as few lines as are good for mail (RFC 5322: at most 998 characters). Throws with every fault of the document. @param {string} source @returns {Promise<string>} */
export async function compileLayout(source) {
  const { html, errors } = await mjml.default(source, { presets: [preset.default ?? preset], validationLevel: 'soft', fonts: {} });
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  return html.split('\n').map((line) => line.trim()).filter((line) => line !== '').join('\n');
}
