/** To be described. */
package io.millrace.cli;
