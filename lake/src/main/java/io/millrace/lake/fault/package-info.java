/** Storage that fails on purpose, for drills. */
package io.millrace.lake.fault;
