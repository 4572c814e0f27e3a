#include "cli/verify/fund_book.h"

#include <functional>

#include "cli/verify/testing_statement.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::cli {
namespace {

using incentive::v1::Budget;
using incentive::v1::Claim;
using incentive::v1::FundAllocation;
using incentive::v1::FundRequest;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// 1,000 for all; 800 of it for p1, who asked for 500 and 200: claimed 300 of the first and 50 open, and 120 of the
// second, whose rest went back.
struct Funds {
  Budget budget = Parse<Budget>(R"pb(
    name: "budgets/b"
    amount { currency_code: "CNY" units: 1000 }
    allocated { currency_code: "CNY" units: 800 }
  )pb");
  FundAllocation allocation = Parse<FundAllocation>(R"pb(
    name: "partners/p1/fundAllocations/a"
    budget: "budgets/b"
    amount { currency_code: "CNY" units: 800 }
    requested { currency_code: "CNY" units: 620 }
    claimed { currency_code: "CNY" units: 420 }
  )pb");
  FundRequest first = Parse<FundRequest>(R"pb(
    name: "partners/p1/fundRequests/first"
    state: APPROVED
    fund_allocation: "partners/p1/fundAllocations/a"
    amount { currency_code: "CNY" units: 500 }
    requester: "clerk"
    decider: "manager"
    approved { currency_code: "CNY" units: 500 }
    pending { currency_code: "CNY" units: 50 }
    claimed { currency_code: "CNY" units: 300 }
  )pb");
  FundRequest second = Parse<FundRequest>(R"pb(
    name: "partners/p1/fundRequests/second"
    state: CLOSED
    fund_allocation: "partners/p1/fundAllocations/a"
    amount { currency_code: "CNY" units: 200 }
    requester: "clerk"
    decider: "manager"
    approved { currency_code: "CNY" units: 200 }
    claimed { currency_code: "CNY" units: 120 }
    returned { currency_code: "CNY" units: 80 }
  )pb");
  Claim paid = Parse<Claim>(R"pb(
    name: "partners/p1/claims/paid"
    state: PAID
    kind: MDF
    fund_request: "partners/p1/fundRequests/first"
    amount { currency_code: "CNY" units: 310 }
    approved { currency_code: "CNY" units: 300 }
    proofs { document: "documents/x" sha256: "ab" }
  )pb");
  Claim open = Parse<Claim>(R"pb(
    name: "partners/p1/claims/open"
    state: SUBMITTED
    kind: MDF
    fund_request: "partners/p1/fundRequests/first"
    amount { currency_code: "CNY" units: 50 }
    proofs { document: "documents/y" sha256: "cd" }
  )pb");
  Claim approved = Parse<Claim>(R"pb(
    name: "partners/p1/claims/approved"
    state: APPROVED
    kind: MDF
    fund_request: "partners/p1/fundRequests/second"
    amount { currency_code: "CNY" units: 120 }
    approved { currency_code: "CNY" units: 120 }
    proofs { document: "documents/z" sha256: "ef" }
  )pb");

  // All that differs, each with the name before it.
  std::vector<std::string> Found() const {
    FundBook book;
    book.Add(budget);
    book.Add(allocation);
    book.Add(first);
    book.Add(second);
    std::vector<std::string> found;
    for (const Claim* claim : {&paid, &open, &approved}) {
      for (const std::string& what : book.Add(*claim)) found.push_back(claim->name() + ": " + what);
    }
    for (const auto& [name, words] : book.Verify()) {
      for (const std::string& what : words) found.push_back(name + ": " + what);
    }
    return found;
  }
};

TEST(FundBookTest, GoodFundsHaveNoDifferences) { EXPECT_THAT(Funds().Found(), IsEmpty()); }

TEST(FundBookTest, SaysWhatIsWrong) {
  const struct {
    std::function<void(Funds*)> spoil;
    const char* difference;
  } kCases[] = {
      {[](Funds* f) { f->paid.clear_proofs(); }, "claims/paid: proofs: stated none, want one"},
      {[](Funds* f) { f->paid.mutable_amount()->set_currency_code("EUR"); },
       "claims/paid: amount: stated EUR, worked out CNY"},
      {[](Funds* f) { f->paid.set_fund_request("partners/p1/fundRequests/third"); },
       "claims/paid: fund_request: partners/p1/fundRequests/third: the partner has none"},
      {[](Funds* f) { f->paid.mutable_approved()->set_units(460); },
       "fundRequests/first: pending, claimed and returned: stated 510, worked out at most 500"},
      {[](Funds* f) { f->first.mutable_claimed()->set_units(299); },
       "fundRequests/first: claimed: stated 299, worked out 300"},
      {[](Funds* f) { f->open.set_state(Claim::WITHDRAWN); }, "fundRequests/first: pending: stated 50, worked out 0"},
      {[](Funds* f) { f->first.set_decider("clerk"); }, "fundRequests/first: decider: clerk asked for it"},
      {[](Funds* f) { f->second.clear_returned(); }, "fundAllocations/a: requested: stated 620, worked out 700"},
      {[](Funds* f) { f->allocation.mutable_claimed()->set_units(400); },
       "fundAllocations/a: claimed: stated 400, worked out 420"},
      {[](Funds* f) { f->allocation.mutable_amount()->set_units(600); },
       "fundAllocations/a: requested: stated 620, worked out at most 600"},
      {[](Funds* f) { f->budget.mutable_amount()->set_units(799); },
       "budgets/b: allocated: stated 800, worked out at most 799"},
      {[](Funds* f) { f->budget.mutable_allocated()->set_units(700); },
       "budgets/b: allocated: stated 700, worked out 800"},
  };
  for (const auto& c : kCases) {
    Funds bad;
    c.spoil(&bad);
    EXPECT_THAT(bad.Found(), Contains(HasSubstr(c.difference)));
  }
}

}  // namespace
}  // namespace tributary::cli
