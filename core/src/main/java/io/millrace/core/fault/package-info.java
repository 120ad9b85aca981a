/** Places at which a drill kills this process on purpose. */
package io.millrace.core.fault;
