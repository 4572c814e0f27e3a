#include "cli/verify/verify.h"

#include <functional>
#include <set>

#include "cli/verify/testing_statement.h"
#include "gmock/gmock.h"

namespace tributary::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using incentive::v1::StatementEntry;
using incentive::v1::StatementLine;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(VerifyTest, AGoodStatementHasNoDifferences) {
  const SampleStatement good = Good();
  EXPECT_THAT(VerifyStatement(good.statement, good.lines), IsEmpty());
  EXPECT_THAT(VerifyStatement(good.statement, good.lines, good.lookup()), IsEmpty());
}

// Visits every value of a message with a function that changes it by a digit; the name is the path of fields.
void ForEachValue(Message* message, const std::string& path,
                  const std::function<void(const std::string& path, const std::function<void()>& change)>& visit) {
  std::vector<const FieldDescriptor*> fields;
  message->GetReflection()->ListFields(*message, &fields);
  const auto* reflection = message->GetReflection();
  const auto digit = [](std::string text) {
    const size_t at = text.find_last_of("0123456789");
    if (at == std::string::npos) return text + "x";
    text[at] = text[at] == '9' ? '8' : static_cast<char>(text[at] + 1);
    return text;
  };
  for (const FieldDescriptor* field : fields) {
    const std::string name = path + "." + field->name();
    if (field->is_repeated()) {  // messages, here
      for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
        ForEachValue(reflection->MutableRepeatedMessage(message, field, i), name, visit);
      }
      continue;
    }
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        ForEachValue(reflection->MutableMessage(message, field), name, visit);
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        visit(name, [=] { reflection->SetString(message, field, digit(reflection->GetString(*message, field))); });
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        visit(name, [=] { reflection->SetInt32(message, field, reflection->GetInt32(*message, field) + 1); });
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        visit(name, [=] { reflection->SetInt64(message, field, reflection->GetInt64(*message, field) + 1); });
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        visit(name, [=] {
          reflection->SetEnumValue(message, field, reflection->GetEnumValue(*message, field) == 1 ? 2 : 1);
        });
        break;
      default:
        FAIL() << name;
    }
  }
}

// What a statement cannot be checked for by itself: its number, identities, times, words. (Units are no part of the
// money; the facts know them, and the product.)
const std::set<std::string>& Uncheckable() {
  static const auto& names = *new std::set<std::string>{
      ".name",
      ".uid",
      ".etag",
      ".create_time.seconds",
      ".update_time.seconds",
      ".entries.terms.uid",
      ".entries.terms.create_time.seconds",
      ".entries.terms.update_time.seconds",
      ".entries.terms.display_name",
  };
  return names;
}
// Of these a change may leave a statement that is right in itself; the facts tell.
const std::set<std::string>& KnownByFacts() {
  static const auto& names = *new std::set<std::string>{
      ".entries.terms.basis", ".line.fact",    ".line.basis_date.year", ".line.basis_date.month",
      ".line.basis_date.day", ".line.product", ".line.quantity.value",
  };
  return names;
}

TEST(VerifyTest, OneDigitChangedAnywhereIsFound) {
  int changed = 0;
  std::set<std::string> visited;
  // Counts values first, then changes them one by one in a fresh copy.
  for (int index = 0;; ++index) {
    SampleStatement bad = Good();
    int at = 0;
    std::string path;
    const auto visit = [&](const std::string& name, const std::function<void()>& change) {
      if (at++ != index) return;
      path = name;
      change();
    };
    ForEachValue(&bad.statement, "", visit);
    for (StatementLine& line : bad.lines) ForEachValue(&line, ".line", visit);
    if (path.empty()) break;
    visited.insert(path);
    const bool by_itself = !VerifyStatement(bad.statement, bad.lines).empty();
    const bool by_facts = !VerifyStatement(bad.statement, bad.lines, bad.lookup()).empty();
    if (Uncheckable().contains(path)) {
      EXPECT_FALSE(by_itself) << path;
    } else if (KnownByFacts().contains(path)) {
      EXPECT_TRUE(by_facts) << path;
      ++changed;
    } else {
      EXPECT_TRUE(by_itself) << path;
      EXPECT_TRUE(by_facts) << path;
      ++changed;
    }
  }
  EXPECT_GT(changed, 80);
  for (const auto* names : {&Uncheckable(), &KnownByFacts()}) {
    for (const std::string& name : *names) EXPECT_TRUE(visited.contains(name)) << name;
  }
}

TEST(VerifyTest, SaysWhatIsWrong) {
  const struct {
    const char* what;
    std::function<void(SampleStatement*)> spoil;
    const char* difference;
  } kCases[] = {
      {"a line is left out", [](SampleStatement* c) { c->lines.pop_back(); }, "line_count: stated 4, worked out 3"},
      {"a line twice",
       [](SampleStatement* c) {
         c->lines.push_back(c->lines.back());
         c->lines.back().set_ordinal(5);
         c->statement.set_line_count(5);
         c->statement.mutable_entries(0)->set_line_count(5);
       },
       "counted twice"},
      {"lines exchanged",
       [](SampleStatement* c) {
         std::swap(c->lines[0], c->lines[1]);
         c->lines[0].set_ordinal(1);
         c->lines[1].set_ordinal(2);
       },
       "out of order"},
      {"a line of another partner",
       [](SampleStatement* c) { c->lines[1].set_fact("partners/p2/shipments/SO1/lines/10"); },
       "a line of another partner"},
      {"a line of another period", [](SampleStatement* c) { c->lines[3].mutable_basis_date()->set_year(2011); },
       "lies outside the period"},
      {"the last cent to another line",
       [](SampleStatement* c) {
         c->lines[0].mutable_share()->set_nanos(430000000);
         c->lines[1].mutable_share()->set_nanos(530000000);
       },
       "share: stated 729.43, worked out 729.44"},
      {"a bound paid instead of a width",
       [](SampleStatement* c) {
         c->statement.mutable_entries(0)->mutable_evaluation()->mutable_parts(1)->mutable_amount()->set_value("60000");
       },
       "evaluation.parts[1].amount: stated 60000, worked out 40000"},
      {"no such fact", [](SampleStatement* c) { c->facts.erase(c->lines[0].fact()); }, "there is no such fact"},
      {"a fact that says otherwise",
       [](SampleStatement* c) { c->facts[c->lines[0].fact()].mutable_net_amount()->set_units(40001); },
       "amount: stated 40000, worked out 40001"},
      {"a reversal",
       [](SampleStatement* c) { c->facts[c->lines[0].fact()].set_reverses("partners/p1/shipments/SO0/lines/1"); },
       "a reversal counts for nothing"},
      {"no terms", [](SampleStatement* c) { c->statement.mutable_entries(0)->clear_terms(); }, "terms have no tiers"},
      {"nothing at all", [](SampleStatement* c) { c->statement.Clear(); }, "a line of no entry"},
      {"an entry that a true-up is not",
       [](SampleStatement* c) { c->statement.mutable_entries(0)->set_kind(StatementEntry::TRUE_UP); }, "counted_until"},
  };
  for (const auto& c : kCases) {
    SampleStatement bad = Good();
    c.spoil(&bad);
    EXPECT_THAT(VerifyStatement(bad.statement, bad.lines, bad.lookup()), Contains(HasSubstr(c.difference))) << c.what;
  }
}

}  // namespace
}  // namespace tributary::cli
