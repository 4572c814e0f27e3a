#include "cli/verify/document.h"

#include <algorithm>

#include "common/digest/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::cli {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A quarter that did not stay closed: 3 % retroactive on 95,617.0050 with a line of 5,000.00 dollars at 7.1234; in the
// second quarter a late line and a return make it 83,808.5050, and a yearly scale is paid for the first time.
constexpr std::string_view kFirst = R"csv(tributary-statement,1
statement,partners/p1/statements/1,REGULAR,2026Q1,2026-01-01,2026-04-01,CNY,2026-04-05T16:00:00Z,
entry,1,EARNED,programs/r1,"""v2""",2026Q1,2026-01-01,2026-04-01,programs/r1/closes/2026Q1,SELL_IN,RETROACTIVE,FROM,AMOUNT,HALF_EVEN,spot,,,,3,19123401/200,950,2868.51,0.00,2868.51
tier,1,0,0.02,0
tier,1,50000,0.03,0
tier,1,100000,0.04,0
converted,1,USD,2026-02-20,5000,7.1234,1
line,1,1,partners/p1/shipments/L1/lines/1,2026-01-15,products/x,400,CNY,40000,1200.00
line,1,2,partners/p1/shipments/L2/lines/1,2026-02-20,products/x,350,USD,5000,1068.51
line,1,3,partners/p1/shipments/L3/lines/1,2026-03-30,products/x,200,CNY,20000.005,600.00
entry,2,EARNED,programs/r2,"""v2""",2026,2026-01-01,2026-04-01,programs/r2/closes/2026Q1,SELL_IN,MARGINAL,FROM,AMOUNT,HALF_EVEN,spot,,,,3,19123401/200,950,0.00,0.00,0.00
tier,2,0,0,0
tier,2,100000,0.01,0
tier,2,200000,0.02,0
converted,2,USD,2026-02-20,5000,7.1234,1
line,2,1,partners/p1/shipments/L1/lines/1,2026-01-15,products/x,400,CNY,40000,0.00
line,2,2,partners/p1/shipments/L2/lines/1,2026-02-20,products/x,350,USD,5000,0.00
line,2,3,partners/p1/shipments/L3/lines/1,2026-03-30,products/x,200,CNY,20000.005,0.00
total,2868.51
)csv";
constexpr std::string_view kSecond = R"csv(tributary-statement,1
statement,partners/p1/statements/2,REGULAR,2026Q2,2026-04-01,2026-07-01,CNY,2026-07-05T16:00:00Z,PREVIOUS
entry,1,EARNED,programs/r1,"""v2""",2026Q2,2026-04-01,2026-07-01,programs/r1/closes/2026Q2,SELL_IN,RETROACTIVE,FROM,AMOUNT,HALF_EVEN,spot,,,,1,60000,600,1800.00,0.00,1800.00
tier,1,0,0.02,0
tier,1,50000,0.03,0
tier,1,100000,0.04,0
line,1,1,partners/p1/shipments/L5/lines/1,2026-05-10,products/x,600,CNY,60000,1800.00
entry,2,TRUE_UP,programs/r1,"""v2""",2026Q1,2026-01-01,2026-04-01,programs/r1/closes/2026Q2,SELL_IN,RETROACTIVE,FROM,AMOUNT,HALF_EVEN,spot,,,,5,16761701/200,835,2514.26,2868.51,-354.25
tier,2,0,0.02,0
tier,2,50000,0.03,0
tier,2,100000,0.04,0
converted,2,USD,2026-02-20,2500,7.1234,2
line,2,1,partners/p1/shipments/L1/lines/1,2026-01-15,products/x,400,CNY,40000,1200.00
line,2,2,partners/p1/shipments/L2/lines/1,2026-02-20,products/x,350,USD,5000,1068.51
line,2,3,partners/p1/shipments/L6/lines/1,2026-02-20,products/x,-175,USD,-2500,-534.25
line,2,4,partners/p1/shipments/L3/lines/1,2026-03-30,products/x,200,CNY,20000.005,600.00
line,2,5,partners/p1/shipments/L4/lines/1,2026-03-31,products/x,60,CNY,6000,180.00
entry,3,EARNED,programs/r2,"""v2""",2026,2026-01-01,2026-07-01,programs/r2/closes/2026Q2,SELL_IN,MARGINAL,FROM,AMOUNT,HALF_EVEN,spot,,,,7,34761701/200,1735,738.09,0.00,738.09
tier,3,0,0,0
tier,3,100000,0.01,0
tier,3,200000,0.02,0
converted,3,USD,2026-02-20,2500,7.1234,2
line,3,1,partners/p1/shipments/L1/lines/1,2026-01-15,products/x,400,CNY,40000,169.86
line,3,2,partners/p1/shipments/L7/lines/1,2026-02-10,products/x,300,CNY,30000,127.40
line,3,3,partners/p1/shipments/L2/lines/1,2026-02-20,products/x,350,USD,5000,151.25
line,3,4,partners/p1/shipments/L6/lines/1,2026-02-20,products/x,-175,USD,-2500,-75.62
line,3,5,partners/p1/shipments/L3/lines/1,2026-03-30,products/x,200,CNY,20000.005,84.93
line,3,6,partners/p1/shipments/L4/lines/1,2026-03-31,products/x,60,CNY,6000,25.48
line,3,7,partners/p1/shipments/L5/lines/1,2026-05-10,products/x,600,CNY,60000,254.79
total,2183.84
)csv";

std::string First() { return std::string(kFirst); }
std::string Replaced(std::string text, std::string_view before, std::string_view after) {
  const size_t at = text.find(before);
  EXPECT_NE(at, std::string::npos) << before;
  return at == std::string::npos ? text : text.replace(at, before.size(), after);
}
std::string Second(std::string_view first) { return Replaced(std::string(kSecond), "PREVIOUS", Sha256Hex(first)); }

// 50,000 of a year were brought along, of which 400 were paid; with 20,000 more they earn 1,350.
constexpr std::string_view kOpened = R"csv(tributary-statement,1
statement,partners/p1/statements/1,REGULAR,2026Q2,2026-04-01,2026-07-01,USD,2026-07-05T16:00:00Z,
entry,1,EARNED,programs/g,"""v2""",2026,2026-01-01,2026-07-01,programs/g/closes/2026Q2,SELL_IN,MARGINAL,FROM,AMOUNT,HALF_EVEN,,,,,1,20000,1,1350.00,400.00,950.00
tier,1,0,0.01,0
tier,1,20000,0.02,0
tier,1,60000,0.035,0
opening,1,partners/p1/openingBalances/live,GL-1,50000,3,400.00
line,1,1,partners/p1/shipments/L1/lines/1,2026-06-01,products/x,1,USD,20000,385.71
total,950.00
)csv";

TEST(DocumentTest, WhatWasBroughtAlongCountsAndWhatWasPaidOfIt) {
  const std::string opened(kOpened);
  EXPECT_THAT(VerifyDocuments({opened}), IsEmpty());
  const auto told = [&](std::string_view before, std::string_view after) {
    return VerifyDocuments({Replaced(opened, before, after)});
  };
  EXPECT_THAT(told("GL-1,50000,3,400.00", "GL-1,60000,3,400.00"), Contains(HasSubstr("value")));
  EXPECT_THAT(told("GL-1,50000,3,400.00", "GL-1,50000,3,300.00"), Contains(HasSubstr("stated_before")));
  EXPECT_THAT(told("GL-1,", ","), Contains(HasSubstr("without a document")));
  EXPECT_THAT(told("p1/openingBalances", "p2/openingBalances"), Contains(HasSubstr("of another partner")));
  EXPECT_THAT(told("USD,20000,385.71", "USD,20000,1350.00"), Contains(HasSubstr("share")));
  // What was paid before is the same in all documents of the period.
  std::string later =
      Replaced(opened, "statements/1,REGULAR,2026Q2,2026-04-01,2026-07-01,USD,2026-07-05T16:00:00Z,",
               "statements/2,REGULAR,2026Q3,2026-07-01,2026-10-01,USD,2026-10-05T16:00:00Z," + Sha256Hex(opened));
  later = Replaced(later, "2026-01-01,2026-07-01,programs/g/closes/2026Q2",
                   "2026-01-01,2026-10-01,programs/g/closes/2026Q3");
  later = Replaced(later, "1350.00,400.00,950.00", "1350.00,1350.00,0.00");
  later = Replaced(later, "total,950.00", "total,0.00");
  EXPECT_THAT(VerifyDocuments({opened, later}), IsEmpty());
  EXPECT_THAT(VerifyDocuments({opened, Replaced(later, "GL-1,50000,3,400.00", "GL-1,50000,3,350.00")}),
              Contains(HasSubstr("paid before")));
}

TEST(DocumentTest, GoodDocumentsHaveNoDifferences) {
  EXPECT_THAT(VerifyDocument(kFirst).differences, IsEmpty());
  EXPECT_EQ(VerifyDocument(kFirst).name, "partners/p1/statements/1");
  EXPECT_THAT(VerifyDocuments({First(), Second(kFirst)}), IsEmpty());
  // Not the partner's first: what was stated before is taken as it is.
  EXPECT_THAT(VerifyDocuments({Second(kFirst)}), IsEmpty());
}

// Every digit that a figure rests on.
TEST(DocumentTest, AnotherDigitIsADifference) {
  const std::string good = First();
  const auto not_worked_out = [&](size_t at) {  // names, the issue time, and what the statement does not rest on
    const size_t begin = good.rfind('\n', at) + 1;
    const std::string_view record(good.data() + begin, good.find('\n', at) - begin);
    const auto comma = std::count(good.begin() + begin, good.begin() + at, ',');
    if (record.starts_with("tributary") || record.starts_with("statement")) return true;
    if (record.starts_with("entry")) return comma == 3 || comma == 4 || (comma >= 5 && comma <= 8);
    if (record.starts_with("tier")) return comma == 2 || comma == 3;  // a tier that was not reached
    if (record.starts_with("line")) return comma == 3 || comma == 4 || comma == 5;
    return false;
  };
  int changed = 0;
  for (size_t at = 0; at < good.size(); ++at) {
    if (good[at] < '0' || good[at] > '9' || not_worked_out(at)) continue;
    std::string bad = good;
    bad[at] = bad[at] == '9' ? '8' : static_cast<char>(bad[at] + 1);
    EXPECT_THAT(VerifyDocument(bad).differences, ::testing::Not(IsEmpty()))
        << bad.substr(at - std::min<size_t>(at, 20), 40);
    ++changed;
  }
  EXPECT_GT(changed, 100);
}

TEST(DocumentTest, WhatIsNotAsTheServiceMakesItIsSaid) {
  const struct {
    const char* before;
    const char* after;
    const char* difference;
  } kCases[] = {
      {"7.1234", "7.1235", "entry 1: qualifying amount: stated 19123401/200, worked out"},
      {"50000,0.03", "50000,0.05", "entry 1: value: stated 2868.51, worked out 4780.85"},
      {"total,2868.51", "total,2868.52", "total: stated 2868.52, worked out 2868.51"},
      {"tributary-statement,1", "tributary-statement,3", "version 3, want 1 or 2"},
      {"2026-03-30", "2026-04-01", "its date 2026-04-01 lies outside the period"},
      {"partners/p1/shipments/L3/lines/1", "partners/p2/shipments/L3/lines/1", "a line of another partner"},
      {"partners/p1/shipments/L3/lines/1", "partners/p1/shipments/L1/lines/1", "counted twice"},
      {"2026-01-15,products", "2026-03-31,products", "out of order"},
      {"converted,1,USD", "converted,1,EUR", "no rate of USD on 2026-02-20"},
      {"RETROACTIVE", "GENEROUS", "no shape or no tiers"},
      {"total,2868.51\n", "", "the document has no end"},
      {"tier,1,0", "tear,1,0", "no record that is known here"},
      {"line,1,1,", "line,3,1,", "a record line of no entry"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(VerifyDocument(Replaced(First(), c.before, c.after)).differences, Contains(HasSubstr(c.difference)))
        << c.before;
  }
  EXPECT_THAT(VerifyDocument("").differences, Contains("the document has no end"));
}

// A cent for two members that brought the same: of the lines the earlier has it, of the members the smaller name.
TEST(DocumentTest, AGroupIsSharedByVolume) {
  const std::string good = R"csv(tributary-statement,1
statement,partners/head/statements/1,REGULAR,2026Q1,2026-01-01,2026-04-01,CNY,2026-04-05T16:00:00Z,
entry,1,EARNED,programs/g,"""v2""",2026Q1,2026-01-01,2026-04-01,programs/g/closes/2026Q1,SELL_IN,FLAT,FROM,AMOUNT,HALF_EVEN,,,,,2,100,2,0.01,0.00,0.01
tier,1,0,0.0001,0
member,1,partners/m1,1,50,0.01
member,1,partners/m2,1,50,0.00
line,1,1,partners/m2/shipments/L1/lines/1,2026-01-15,products/x,1,CNY,50,0.01
line,1,2,partners/m1/shipments/L2/lines/1,2026-02-20,products/x,1,CNY,50,0.00
total,0.01
)csv";
  EXPECT_THAT(VerifyDocument(good).differences, IsEmpty());
  const std::string to_m2 =
      Replaced(Replaced(good, "50,0.01\nmember", "50,0.00\nmember"), "50,0.00\nline", "50,0.01\nline");
  EXPECT_THAT(VerifyDocument(to_m2).differences, Contains("entry 1: partners/m1: share: stated 0, worked out 0.01"));
  EXPECT_THAT(VerifyDocument(Replaced(good, "m1,1,50", "m1,1,51")).differences,
              Contains("entry 1: partners/m1: volume: stated 51, worked out 50"));
  EXPECT_THAT(VerifyDocument(Replaced(good, "member,1,partners/m2,1,50,0.00\n", "")).differences,
              Contains(HasSubstr("partners/m2/shipments/L1/lines/1: a line of another partner")));
  EXPECT_THAT(VerifyDocument(Replaced(good, "FROM,AMOUNT", "FROM,COUNT")).differences,
              Contains("entry 1: partners/m1: a member of no group"));
}

TEST(DocumentTest, TheChainHolds) {
  // One byte of the first, and the second does not follow it any more.
  const std::string touched = Replaced(First(), "16:00:00Z", "16:00:01Z");
  EXPECT_THAT(VerifyDocument(touched).differences, IsEmpty());
  EXPECT_THAT(VerifyDocuments({touched, Second(kFirst)}),
              Contains("partners/p1/statements/2: previous_hash: not that of the document before"));
  EXPECT_THAT(VerifyDocuments({touched, Second(touched)}), IsEmpty());
  // What was stated before is what the documents before said.
  const std::string second =
      Replaced(Replaced(Second(kFirst), "2868.51,-354.25", "2868.52,-354.26"), "2183.84", "2183.83");
  EXPECT_THAT(VerifyDocument(second).differences, IsEmpty());
  EXPECT_THAT(VerifyDocuments({First(), second}), Contains(HasSubstr("programs/r1 2026Q1: stated_before")));
}

}  // namespace
}  // namespace tributary::cli
