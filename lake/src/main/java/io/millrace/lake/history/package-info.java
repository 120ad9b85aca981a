/** What a stream's table had taken at each of its versions. */
package io.millrace.lake.history;
