/** To be described. */
package io.millrace.bench;
