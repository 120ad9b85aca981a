package io.millrace.ingest.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.ParserUtils;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;

/** What is to be known of a SQL's text before Spark parses it: its tokens, by Spark's own lexer. */
final class SqlText {
  /** Before a text in quotes they make a literal, which Spark's parser may take from the clock. */
  private static final Set<String> CLOCK_TYPES =
      Set.of("date", "timestamp", "timestamp_ntz", "timestamp_ltz");

  private static final Pattern CLOCK =
      Pattern.compile("\\s*(now|today|yesterday|tomorrow)\\b.*", Pattern.CASE_INSENSITIVE);

  private SqlText() {}

  /**
   * The SQL for Spark's parser, in which each bare word {@code stream} is in backquotes: the parser
   * takes it for its keyword STREAM where another word follows, as in {@code FROM stream AS e} and
   * in {@code FROM stream WHERE active}.
   *
   * @throws io.millrace.core.error.MillraceException {@code USAGE} where a literal is of the clock
   */
  static String forParser(String sql) {
    SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(sql)));
    lexer.removeErrorListeners();
    CommonTokenStream all = new CommonTokenStream(lexer);
    all.fill();
    List<Token> tokens = all.getTokens();
    // Places are of code points.
    int[] points = sql.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    int done = 0;
    Token before = null;
    for (Token token : tokens) {
      if (token.getChannel() != Token.DEFAULT_CHANNEL) {
        continue;
      }
      if (token.getType() == SqlBaseLexer.STREAM) {
        text.append(new String(points, done, token.getStartIndex() - done))
            .append('`')
            .append(token.getText())
            .append('`');
        done = token.getStopIndex() + 1;
      }
      if (before != null && isClock(before, token)) {
        throw SqlPlan.notRepeatable(before.getText() + " " + token.getText());
      }
      before = token;
    }
    return text.append(new String(points, done, points.length - done)).toString();
  }

  private static boolean isClock(Token type, Token literal) {
    boolean quoted =
        literal.getType() == SqlBaseLexer.STRING_LITERAL
            || literal.getType() == SqlBaseLexer.DOUBLEQUOTED_STRING;
    return quoted
        && CLOCK_TYPES.contains(type.getText().toLowerCase(Locale.ROOT))
        && CLOCK.matcher(ParserUtils.string(literal)).matches();
  }
}
