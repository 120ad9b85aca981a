/** To be described. */
package io.millrace.producer;
