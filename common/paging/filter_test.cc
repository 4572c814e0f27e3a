#include "common/paging/filter.h"

#include "common/status/status_matchers.h"

namespace tributary {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<FilterField>& Fields() {
  static const auto* const fields = new std::vector<FilterField>{
      FilterField::String("legal_name", "p.legal_name"),
      FilterField::EnumText("state", "p.state", {"ACTIVE", "SUSPENDED"}),
      FilterField::Enum("kind", "p.kind", {{"DEALER", int64_t{2}}, {"RETAILER", int64_t{3}}}),
      FilterField::Boolean("trusted", "p.trusted"),
      FilterField::Integer("line", "l.line"),
      FilterField::DecimalNumber("net_amount", "l.net_amount"),
      FilterField::Day("effective_from", "p.effective_from"),
      FilterField::Timestamp("create_time", "p.create_time"),
      FilterField::String("customer.country", "c.country"),
  };
  return *fields;
}

// A value as text, with its type before it.
std::string Show(const mysql::Value& value) {
  struct Visitor {
    std::string operator()(mysql::Value::Null) const { return "null"; }
    std::string operator()(int64_t v) const { return StrCat("int ", v); }
    std::string operator()(uint64_t v) const { return StrCat("uint ", v); }
    std::string operator()(std::string_view v) const { return StrCat("text ", v); }
    std::string operator()(Decimal v) const { return StrCat("decimal ", v.ToString()); }
    std::string operator()(Date v) const { return StrCat("date ", v.ToString()); }
    std::string operator()(absl::Time v) const {
      return StrCat("time ", absl::FormatTime("%Y-%m-%dT%H:%M:%E6S", v, absl::UTCTimeZone()));
    }
  };
  return std::visit(Visitor(), value.variant());
}

// "sql | value, value", or the error.
std::string Parsed(std::string_view filter) {
  absl::StatusOr<SqlPredicate> result = ParseFilter(filter, Fields());
  if (!result.ok()) return std::string(result.status().message());
  const SqlPredicate moved = *std::move(result);  // the values must follow
  std::vector<std::string> values;
  for (const mysql::Value& value : moved.values()) values.push_back(Show(value));
  return StrCat(moved.sql(), " | ", StrJoin(values, ", "));
}

TEST(FilterTest, BecomesSql) {
  const struct {
    const char* filter;
    const char* want;
  } kCases[] = {
      {"", "TRUE | "},
      {" \t\n", "TRUE | "},
      {"state = ACTIVE", "p.state = ? | text ACTIVE"},
      {"state=ACTIVE", "p.state = ? | text ACTIVE"},
      {"state=\"ACTIVE\"", "p.state = ? | text ACTIVE"},
      {"state != ACTIVE", "NOT (p.state <=> ?) | text ACTIVE"},
      {"kind = DEALER", "p.kind = ? | int 2"},
      {"trusted = true", "p.trusted = ? | int 1"},
      {"trusted != false", "NOT (p.trusted <=> ?) | int 0"},
      {"line >= -42", "l.line >= ? | int -42"},
      {"line<9223372036854775807", "l.line < ? | int 9223372036854775807"},
      {"net_amount > 1234.50", "l.net_amount > ? | decimal 1234.5"},
      {"effective_from <= 2013-11-29", "p.effective_from <= ? | date 2013-11-29"},
      {"create_time < 2013-11-29T08:00:00+08:00", "p.create_time < ? | time 2013-11-29T00:00:00.000000"},
      {"create_time >= \"2013-11-29T08:00:00.123456Z\"", "p.create_time >= ? | time 2013-11-29T08:00:00.123456"},
      {"legal_name = \"Bob's \\\"Shop\\\" \\\\ 渠成\"", "p.legal_name = ? | text Bob's \"Shop\" \\ 渠成"},
      {"legal_name = 'a \"b\"'", "p.legal_name = ? | text a \"b\""},
      {"legal_name = ''", "p.legal_name = ? | text "},
      {"legal_name = a%_'", "filter: at character 17: got ''', want a closing '"},
      {"legal_name = 50%;--", "p.legal_name = ? | text 50%;--"},
      {"legal_name = \"AND\"", "p.legal_name = ? | text AND"},
      {"legal_name = x=y", "p.legal_name = ? | text x=y"},
      {"legal_name:shop", "LOCATE(?, p.legal_name) > 0 | text shop"},
      {"legal_name:\"*\"", "LOCATE(?, p.legal_name) > 0 | text *"},
      {"legal_name:*", "(p.legal_name IS NOT NULL AND p.legal_name <> '') | "},
      {"effective_from:*", "(p.effective_from IS NOT NULL) | "},
      {"customer.country = CN", "c.country = ? | text CN"},
      {"line = 1 AND line = 2 AND line = 3", "(l.line = ? AND l.line = ? AND l.line = ?) | int 1, int 2, int 3"},
      {"line = 1 OR line = 2", "(l.line = ? OR l.line = ?) | int 1, int 2"},
      {"line = 1 AND (line = 2 OR NOT line = 3)",
       "(l.line = ? AND (l.line = ? OR NOT COALESCE(l.line = ?, FALSE))) | int 1, int 2, int 3"},
      {"NOT (line = 1 AND state = ACTIVE)", "NOT COALESCE((l.line = ? AND p.state = ?), FALSE) | int 1, text ACTIVE"},
      {"((line = 1))", "l.line = ? | int 1"},
      {"(line=1)AND(line=2)", "(l.line = ? AND l.line = ?) | int 1, int 2"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Parsed(c.filter), c.want) << c.filter;
}

TEST(FilterTest, RefusesWithPlaceGotAndWant) {
  const struct {
    const char* filter;
    const char* message;
  } kCases[] = {
      {"line = 1 AND line = 2 OR line = 3", "at character 23: got 'AND and OR at one level', want brackets"},
      {"line = 1 OR line = 2 AND line = 3", "got 'OR and AND at one level', want brackets"},
      {"secret = 1", "at character 1: got 'secret', want a field: legal_name, state, kind"},
      {"Line = 1", "got 'Line', want a field"},
      {"line", "got 'the end', want an operator"},
      {"line =", "got 'the end', want a value for line"},
      {"line = AND", "got 'AND', want a value"},
      {"line = (1)", "got '(', want a value"},
      {"line == 1", "got '=', want a whole number"},
      {"line ! 1", "got '!', want !="},
      {"line <> 1", "got '>', want a whole number"},
      {"line 1", "got '1', want an operator"},
      {"line = 1 line = 2", "at character 10: got 'line', want AND or OR"},
      {"line = 1 and line = 2", "got 'and', want AND, OR and NOT in capitals"},
      {"line = 1, line = 2", "got '1,', want a whole number"},
      {"line = 1 AND", "got 'the end', want a field"},
      {"AND line = 1", "got 'AND', want a field"},
      {"NOT NOT line = 1", "got 'NOT', want a field"},
      {"NOT", "got 'the end', want a field"},
      {"(line = 1", "got 'the end', want a ) for the ( at character 1"},
      {"line = 1)", "got ')', want AND, OR or the end"},
      {"()", "got ')', want a field"},
      {"\"line\" = 1", "got 'line', want a field"},
      {"= 1", "got '=', want a field"},
      {"legal_name = \"open", "got '\"open', want a closing \""},
      {"legal_name = \"open\\", "want a closing \""},
      {"legal_name = \"a\"b", "got 'b', want AND or OR"},
      {"state = active", "got 'active', want one of ACTIVE, SUSPENDED for state"},
      {"state > ACTIVE", "got '>', want = or != for state"},
      {"kind = 2", "got '2', want one of DEALER, RETAILER"},
      {"trusted = 1", "got '1', want true or false"},
      {"trusted < true", "want = or !="},
      {"line = 1.5", "want a whole number"},
      {"line = +1", "want a whole number"},
      {"line = 9223372036854775808", "want a whole number"},
      {"line = \" 1\"", "want a whole number"},
      {"line : 1", "want = or another comparison"},
      {"net_amount = 1e3", "want a decimal"},
      {"net_amount = 1.0000001", "want a decimal"},
      {"effective_from = 2013-02-29", "got '2013-02-29', want a date"},
      {"create_time = 2013-11-29", "want a moment"},
      {"create_time = infinite-future", "want a moment"},
      {"create_time = 2013-11-29T08:00:00", "want a moment"},
      {"create_time = 2013-11-29T08:00:00.1234567Z", "want a moment"},
      {"create_time = 1899-12-31T23:59:59Z", "want a moment"},
      {"create_time = 10000-01-01T00:00:00Z", "want a moment"},
      {"f(line) = 1", "got 'f', want a field"},
      {"line = 1 ; DROP TABLE partners", "got ';', want AND or OR"},
      {"legal_name = \xFF", "want UTF-8"},
  };
  for (const auto& c : kCases) {
    const auto result = ParseFilter(c.filter, Fields());
    EXPECT_THAT(result, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.message))) << c.filter;
    EXPECT_THAT(result, HasReason(Reason::kFilterInvalid));
    EXPECT_THAT(result, Blames("filter"));
  }
  EXPECT_THAT(ParseFilter("x", Fields(), "scope.filter"), Blames("scope.filter"));
  EXPECT_THAT(ParseFilter("line = 1", {}), StatusIs(absl::StatusCode::kInvalidArgument,
                                                    HasSubstr("got 'line', want no filter: nothing of this list")));
}

TEST(FilterTest, IsBounded) {
  std::string deep = "line = 1";
  for (int i = 0; i < 16; ++i) deep = "(" + deep + ")";
  EXPECT_OK(ParseFilter(deep, Fields()));
  EXPECT_THAT(ParseFilter("(" + deep + ")", Fields()), HasReason(Reason::kFilterInvalid));
  EXPECT_THAT(ParseFilter(std::string(7000, '('), Fields()), HasReason(Reason::kFilterInvalid));
  std::string nots;
  for (int i = 0; i < 1900; ++i) nots += "NOT(";
  EXPECT_THAT(ParseFilter(nots, Fields()), HasReason(Reason::kFilterInvalid));

  std::string wide = "line = 0";
  for (int i = 1; i < 100; ++i) wide += " OR line = " + std::to_string(i);
  ASSERT_OK_AND_ASSIGN(const SqlPredicate hundred, ParseFilter(wide, Fields()));
  EXPECT_EQ(hundred.values().size(), 100u);
  EXPECT_THAT(ParseFilter(wide + " OR line = 100", Fields()), HasReason(Reason::kFilterInvalid));
  EXPECT_THAT(ParseFilter("legal_name = " + std::string(8000, 'x'), Fields()), HasReason(Reason::kFilterInvalid));
}

}  // namespace
}  // namespace tributary
