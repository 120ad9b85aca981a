/**
 * A Spark data source by the name {@code millrace}: the records of a Kafka topic as typed columns.
 *
 * <p>{@link io.millrace.source.MillraceSource} is where Spark enters. The driver's side turns
 * options into offsets ({@code SourceOptions}, {@code Bounds}, {@code TopicAdmin}) and offsets into
 * tasks ({@code RangeSplitter}, {@code RateLimit}); a task ({@code ColumnsReader}) decodes one
 * range of one partition into core's vectors, which Spark reads where they are ({@code
 * SparkVectors}).
 */
package io.millrace.source;
