#include "inventory-service/payments/allocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "common/money/testing_decimal.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Date Day(const std::string& text) { return Date::Parse("2026-" + text).value(); }

Receivable Invoice(const char* number, const char* date, const char* gross, const char* due = nullptr) {
  return {number, Day(date), Day(due == nullptr ? date : due), D(gross)};
}
Source Paid(const char* id, const char* date, const char* amount, std::vector<NamedPart> named = {}) {
  return {SourceKind::kPayment, id, Day(date), D(amount), std::move(named), {}};
}
Source Credited(const char* id, const char* date, const char* amount, const char* original = nullptr) {
  Source source{SourceKind::kCreditNote, id, Day(date), D(amount), {}, {}};
  if (original != nullptr) source.named = {{original, D(amount), AllocationCause::kOriginalInvoice}};
  return source;
}

// "P1>INV1 40000 30d REMITTED"
std::vector<std::string> Told(const Allocations& allocations) {
  const char* const kCauses[] = {"", "decided", "remitted", "original", "oldest", "reversal"};
  std::vector<std::string> told;
  for (const Allocation& part : allocations.parts) {
    told.push_back(StrCat(part.source, ">", part.invoice, " ", part.amount.ToString(), " ", part.days_to_pay(), "d ",
                          kCauses[static_cast<int>(part.cause)]));
  }
  return told;
}

Allocations::Rest RestOf(const Allocations& allocations, const char* payment) {
  const auto rest = allocations.rests.find({SourceKind::kPayment, payment});
  return rest == allocations.rests.end() ? Allocations::Rest{} : rest->second;
}

TEST(AllocationTest, TheFiguresOfScenarioS2) {
  const auto done = Allocate({Invoice("INV0", "02-20", "30000"), Invoice("INV1", "04-02", "64800", "05-02"),
                              Invoice("INV2", "04-23", "7200", "05-23")},
                             {Paid("P0", "04-22", "30000", {{"INV0", D("30000")}}), Paid("P1", "05-02", "40000"),
                              Paid("P2", "05-03", "32000")});
  EXPECT_THAT(Told(done), ElementsAre("P0>INV0 30000 61d remitted", "P1>INV1 40000 30d oldest",
                                      "P2>INV1 24800 31d oldest", "P2>INV2 7200 10d oldest"));
  EXPECT_THAT(done.rests, IsEmpty());
}

TEST(AllocationTest, APaymentInPartsEarnsEachItsDays) {
  EXPECT_THAT(
      Told(Allocate({Invoice("A", "03-01", "10000")}, {Paid("P1", "03-31", "6000"), Paid("P2", "04-01", "4000")})),
      ElementsAre("P1>A 6000 30d oldest", "P2>A 4000 31d oldest"));
}

TEST(AllocationTest, AsRemittedThenOldestDueThenByNumber) {
  const std::vector<Receivable> open = {Invoice("C", "01-01", "100", "03-01"), Invoice("B", "01-02", "100", "02-01"),
                                        Invoice("A", "01-03", "100", "03-01")};
  EXPECT_THAT(Told(Allocate(open, {Paid("P", "01-10", "300")})),
              ElementsAre("P>B 100 8d oldest", "P>A 100 7d oldest", "P>C 100 9d oldest"));
  EXPECT_THAT(Told(Allocate(open, {Paid("P", "01-10", "120", {{"C", D("60")}, {"A", D("10")}})})),
              ElementsAre("P>C 60 9d remitted", "P>A 10 7d remitted", "P>B 50 8d oldest"));
  // More than the invoice has open goes to the others; more than all of them stays on account.
  const auto more = Allocate(open, {Paid("P", "01-10", "350", {{"C", D("150")}})});
  EXPECT_THAT(Told(more), ElementsAre("P>C 100 9d remitted", "P>B 100 8d oldest", "P>A 100 7d oldest"));
  EXPECT_EQ(RestOf(more, "P").unallocated, D("50"));
  EXPECT_EQ(RestOf(more, "P").waiting, D("0"));
  // What somebody decided comes before what the payer said.
  EXPECT_THAT(
      Told(Allocate(open, {Paid("P", "01-10", "100", {{"A", D("80"), AllocationCause::kDecided}, {"C", D("100")}})})),
      ElementsAre("P>A 80 7d decided", "P>C 20 9d remitted"));
}

TEST(AllocationTest, MoneyOnAccountSettlesTheInvoicesToCome) {
  EXPECT_THAT(Told(Allocate({Invoice("A", "02-01", "30"), Invoice("B", "03-01", "100")},
                            {Paid("P2", "01-11", "50"), Paid("P1", "01-10", "50")})),
              ElementsAre("P1>A 30 0d oldest", "P1>B 20 0d oldest", "P2>B 50 0d oldest"));
}

TEST(AllocationTest, WhatIsNamedForAnUnknownInvoiceWaitsForIt) {
  const Source payment = Paid("P", "01-10", "100", {{"LATE", D("70")}});
  const auto before = Allocate({Invoice("A", "01-01", "500")}, {payment});
  EXPECT_THAT(Told(before), ElementsAre("P>A 30 9d oldest"));
  EXPECT_EQ(RestOf(before, "P").unallocated, D("70"));
  EXPECT_EQ(RestOf(before, "P").waiting, D("70"));
  // Dated after the payment it is settled on its own day, dated before it on the payment's.
  EXPECT_THAT(Told(Allocate({Invoice("A", "01-01", "500"), Invoice("LATE", "01-20", "60")}, {payment})),
              ElementsAre("P>A 30 9d oldest", "P>LATE 60 0d remitted", "P>A 10 19d oldest"));
  EXPECT_THAT(Told(Allocate({Invoice("A", "01-01", "500"), Invoice("LATE", "01-05", "70")}, {payment})),
              ElementsAre("P>LATE 70 5d remitted", "P>A 30 9d oldest"));
  // A decision may give waiting money to another.
  Source decided = payment;
  decided.named.insert(decided.named.begin(), {"A", D("50"), AllocationCause::kDecided});
  const auto after = Allocate({Invoice("A", "01-01", "500")}, {decided});
  EXPECT_THAT(Told(after), ElementsAre("P>A 50 9d decided", "P>A 30 9d oldest"));
  EXPECT_EQ(RestOf(after, "P").waiting, D("20"));
}

TEST(AllocationTest, ACreditNoteSettlesItsInvoiceFirst) {
  EXPECT_THAT(Told(Allocate({Invoice("A", "01-01", "100"), Invoice("B", "01-02", "40")},
                            {Credited("C", "01-05", "60", "B"), Paid("P", "01-05", "100")})),
              ElementsAre("C>B 40 3d original", "C>A 20 4d oldest", "P>A 80 4d oldest"));
}

TEST(AllocationTest, ABouncedPaymentGivesBackWhatItSettled) {
  Source bounced = Paid("P1", "05-02", "40000");
  bounced.bounce = Bounce{"P1.r1", Day("05-10")};
  const std::vector<Receivable> open = {Invoice("INV1", "04-02", "64800", "05-02"),
                                        Invoice("INV2", "04-23", "7200", "05-23")};
  const auto done = Allocate(open, {bounced, Paid("P2", "05-03", "33000")});
  EXPECT_THAT(Told(done), ElementsAre("P1>INV1 40000 30d oldest", "P2>INV1 24800 31d oldest", "P2>INV2 7200 10d oldest",
                                      "P1.r1>INV1 -40000 30d reversal", "P2>INV1 1000 38d oldest"));
  EXPECT_EQ(done.settled.at("INV1"), D("25800"));
  EXPECT_THAT(done.rests, IsEmpty());
  // One that bounced on the day before it came counts as of its own day.
  bounced.bounce->date = Day("05-01");
  EXPECT_THAT(Told(Allocate(open, {bounced})),
              ElementsAre("P1>INV1 40000 30d oldest", "P1.r1>INV1 -40000 30d reversal"));
}

// A random set of documents with few days, few numbers and round amounts, so that all rules meet.
struct World {
  std::vector<Receivable> receivables;
  std::vector<Source> sources;
};

World RandomWorld(std::mt19937& random) {
  const auto upto = [&](int n) { return static_cast<int>(random() % n); };
  const auto day = [&] { return Date::FromDays(20500 + upto(12)); };
  World world;
  for (int i = upto(7); i > 0; --i) {
    const Date date = day();
    world.receivables.push_back({StrCat("I", i), date, date.AddDays(upto(6)), Decimal::FromInt(upto(9) * 10)});
  }
  for (int i = upto(8); i > 0; --i) {
    Source source{upto(4) == 0 ? SourceKind::kCreditNote : SourceKind::kPayment,
                  StrCat("S", i),
                  day(),
                  Decimal::FromInt((1 + upto(9)) * 10),
                  {},
                  {}};
    Decimal rest = source.amount;
    for (int n = upto(3); n > 0 && !rest.zero(); --n) {
      const Decimal part = std::min(rest, Decimal::FromInt((1 + upto(5)) * 10));
      rest -= part;
      source.named.push_back(
          {StrCat("I", 1 + upto(8)), part,
           source.kind == SourceKind::kPayment ? AllocationCause::kRemitted : AllocationCause::kOriginalInvoice});
    }
    if (source.kind == SourceKind::kPayment && upto(5) == 0) source.bounce = Bounce{source.id + ".r1", day()};
    world.sources.push_back(std::move(source));
  }
  return world;
}

TEST(AllocationPropertyTest, IsAFunctionOfTheSetAndConservesEveryAmount) {
  std::mt19937 random(20260402);
  int parts = 0;
  for (int run = 0; run < 10000; ++run) {
    World world = RandomWorld(random);
    const Allocations first = Allocate(world.receivables, world.sources);
    std::shuffle(world.receivables.begin(), world.receivables.end(), random);
    std::shuffle(world.sources.begin(), world.sources.end(), random);
    const Allocations again = Allocate(world.receivables, world.sources);
    ASSERT_EQ(first.parts, again.parts);
    ASSERT_EQ(first.settled, again.settled);
    parts += static_cast<int>(first.parts.size());

    std::map<std::string, Decimal> of_source, of_invoice;
    for (const Allocation& part : first.parts) {
      of_source[part.source] += part.amount;
      of_invoice[part.invoice] += part.amount;
      ASSERT_GE(part.days_to_pay(), 0);
      ASSERT_EQ(part.cause == AllocationCause::kReversal, part.amount.negative());
    }
    bool free_money = false;
    for (const Source& source : world.sources) {
      const auto rest = first.rests.find({source.kind, source.id});
      const Decimal left = rest == first.rests.end() ? Decimal() : rest->second.unallocated;
      if (source.bounce.has_value()) {
        // Nothing of it stays, neither settled nor on account.
        ASSERT_EQ(of_source[source.id] + of_source[source.bounce->id], Decimal());
        ASSERT_EQ(left, Decimal());
      } else {
        ASSERT_EQ(of_source[source.id] + left, source.amount);
        if (rest != first.rests.end()) free_money |= rest->second.waiting < left;
      }
    }
    for (const Receivable& receivable : world.receivables) {
      const Decimal settled = of_invoice[receivable.invoice];
      ASSERT_FALSE(settled.negative());
      ASSERT_LE(settled, receivable.gross);
      // Nobody has free money on account while anything is open.
      if (free_money) {
        ASSERT_EQ(settled, receivable.gross);
      }
    }
  }
  EXPECT_GT(parts, 20000);
}

TEST(AllocationPropertyTest, ADayDependsOnNothingDatedAfterIt) {
  std::mt19937 random(20260403);
  for (int run = 0; run < 3000; ++run) {
    const World world = RandomWorld(random);
    const Date last = Date::FromDays(20500 + static_cast<int>(random() % 12));
    World upto;
    for (const Receivable& r : world.receivables) {
      if (r.date <= last) upto.receivables.push_back(r);
    }
    for (Source source : world.sources) {
      if (last < source.date) continue;
      if (source.bounce.has_value() && last < source.bounce->date) source.bounce.reset();
      upto.sources.push_back(std::move(source));
    }
    std::vector<Allocation> whole = Allocate(world.receivables, world.sources).parts;
    std::erase_if(whole, [&](const Allocation& part) { return last < part.date; });
    ASSERT_EQ(whole, Allocate(upto.receivables, upto.sources).parts);
  }
}

}  // namespace
}  // namespace tributary::inventory
