// Payments and allocations on a real database.

#include "inventory-service/payments/payment_store.h"

#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "inventory-service/testing_store.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Date Day(const char* text) { return Date::Parse(std::string("2026-") + text).value(); }

class PaymentStoreTest : public StoreTest {
 protected:
  static Payment New(const char* partner, const char* id, const char* amount, const char* currency = "CNY") {
    Payment payment;
    payment.partner = partner;
    payment.id = id;
    payment.date = Day("04-22");
    payment.amount = {currency, D(amount)};
    payment.unallocated = D(amount);
    payment.create_time = payment.update_time = kStart;
    return payment;
  }
  bool Insert(const Payment& payment) {
    return Read<bool>([&](mysql::Transaction& sql) { return store_.Insert(sql, payment); });
  }
  Payment Get(const char* partner, const char* id) {
    return Read<Payment>([&](mysql::Transaction& sql) { return store_.Get(sql, partner, id); });
  }
  void Settle(const SourceKey& source, const std::vector<Allocation>& parts) {
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return store_.ReplaceAllocations(sql, "acme", source, parts); }));
  }
  static Allocation Part(SourceKind kind, const char* source, const char* invoice, const char* amount,
                         AllocationCause cause = AllocationCause::kOldestDue) {
    return {kind, source, invoice, D(amount), Day("04-22"), Day("02-20"), Day("04-22"), cause};
  }

  PaymentStore store_;
};

TEST_F(PaymentStoreTest, APaymentIsReadAsItWasWritten) {
  Payment payment = New("acme", "P1", "30000.000001");
  payment.remittance = {{"I0", D("10000"), AllocationCause::kRemitted},
                        {"I1", D("0.000001"), AllocationCause::kRemitted}};
  payment.waiting = D("0.000001");
  ASSERT_TRUE(Insert(payment));
  EXPECT_FALSE(Insert(New("acme", "P1", "1")));
  ASSERT_TRUE(Insert(New("bolt", "P1", "1")));  // numbered by the partner
  Payment read = Get("acme", "P1");
  EXPECT_EQ(read.date, Day("04-22"));
  EXPECT_EQ(read.amount.currency, "CNY");
  EXPECT_EQ(read.amount.amount, D("30000.000001"));
  EXPECT_EQ(read.remittance, payment.remittance);
  EXPECT_THAT(read.decisions, IsEmpty());
  EXPECT_EQ(read.unallocated, D("30000.000001"));
  EXPECT_EQ(read.waiting, D("0.000001"));
  EXPECT_EQ(read.create_time, kStart);
  EXPECT_THAT(Do([&](mysql::Transaction& sql) { return store_.Get(sql, "acme", "P2").status(); }),
              HasReason(Reason::kNotFound));

  // Decisions are appended, and kept beside what the payer said.
  read.decisions = {{"I2", D("5000"), AllocationCause::kDecided}};
  read.reversed_by = "P1.r1";
  read.unallocated = D("0");
  read.update_time = kStart + absl::Hours(1);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, read); }));
  read.decisions.push_back({"I3", D("1"), AllocationCause::kDecided});
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, read); }));
  const Payment again = Get("acme", "P1");
  EXPECT_EQ(again.decisions, read.decisions);
  EXPECT_EQ(again.remittance, payment.remittance);
  EXPECT_EQ(again.reversed_by, "P1.r1");
  EXPECT_EQ(again.unallocated, D("0"));
  EXPECT_EQ(again.update_time, kStart + absl::Hours(1));
  EXPECT_EQ(Get("bolt", "P1").amount.amount, D("1"));
}

TEST_F(PaymentStoreTest, WhatSettlesWhatIsReplacedSourceBySource) {
  ASSERT_TRUE(Insert(New("acme", "P1", "100")));
  ASSERT_TRUE(Insert(New("acme", "P2", "100")));
  const SourceKey p1{SourceKind::kPayment, "P1"}, note{SourceKind::kCreditNote, "P1"};
  const std::vector<Allocation> parts = {Part(SourceKind::kPayment, "P1", "I2", "60", AllocationCause::kRemitted),
                                         Part(SourceKind::kPayment, "P1", "I1", "40.000001"),
                                         Part(SourceKind::kPayment, "P1", "I2", "-60", AllocationCause::kReversal)};
  Settle(p1, parts);
  Settle(note, {Part(SourceKind::kCreditNote, "P1", "I1", "5", AllocationCause::kOriginalInvoice)});
  // In the order in which they were made; a credit note of the same number is another source.
  EXPECT_EQ(Get("acme", "P1").allocations, parts);
  EXPECT_EQ(Get("acme", "P1").allocations[0].days_to_pay(), 61);
  EXPECT_THAT(Get("acme", "P2").allocations, IsEmpty());
  const auto all =
      Read<AllocationsBySource>([&](mysql::Transaction& sql) { return store_.AllocationsOf(sql, "acme"); });
  EXPECT_THAT(all, SizeIs(2));
  EXPECT_EQ(all.at(p1), parts);
  EXPECT_EQ(all.at(note)[0].cause, AllocationCause::kOriginalInvoice);
  EXPECT_THAT(Read<std::vector<Allocation>>([&](mysql::Transaction& sql) {
                return store_.AllocationsOf(sql, "acme", SourceKind::kCreditNote, "P1");
              }),
              SizeIs(1));
  Settle(p1, {parts[1]});
  EXPECT_THAT(Get("acme", "P1").allocations, ElementsAre(parts[1]));
  Settle(p1, {});
  EXPECT_THAT(Get("acme", "P1").allocations, IsEmpty());
  EXPECT_THAT(Read<AllocationsBySource>([&](mysql::Transaction& sql) { return store_.AllocationsOf(sql, "acme"); }),
              SizeIs(1));
}

TEST_F(PaymentStoreTest, ListsAndWhatLiesOnAccount) {
  for (int i = 0; i < 120; ++i) ASSERT_TRUE(Insert(New("acme", StrCat("P", 100 + i).c_str(), "10")));
  ASSERT_TRUE(Insert(New("acme", "USD", "10", "USD")));
  Payment spent = New("acme", "spent", "10");
  spent.unallocated = D("0");
  ASSERT_TRUE(Insert(spent));
  ASSERT_TRUE(Insert(New("bolt", "P1", "10")));
  Settle({SourceKind::kPayment, "P219"}, {Part(SourceKind::kPayment, "P219", "I1", "10")});
  const auto listed = [&](std::string_view partner, std::string_view filter, std::string_view after_partner = "",
                          std::string_view after = "", int limit = 1000) {
    return Read<std::vector<Payment>>([&](mysql::Transaction& sql) -> absl::StatusOr<std::vector<Payment>> {
      ASSIGN_OR_RETURN(const SqlPredicate predicate, ParseFilter(filter, PaymentStore::Fields()));
      return store_.List(sql, partner, after_partner, after, predicate, limit);
    });
  };
  EXPECT_THAT(listed("", ""), SizeIs(123));
  const auto last = listed("acme", "", "acme", "P218", 1);
  ASSERT_THAT(last, SizeIs(1));
  EXPECT_EQ(last[0].id, "P219");
  EXPECT_THAT(last[0].allocations, SizeIs(1));
  EXPECT_THAT(listed("", "currency = \"USD\" OR number = \"P1\""), SizeIs(2));
  EXPECT_THAT(listed("acme", "unallocated_amount = 0"), SizeIs(1));
  const auto on_account = [&](const char* currency) {
    return Read<std::vector<Payment>>([&](mysql::Transaction& sql) { return store_.OnAccount(sql, "acme", currency); });
  };
  EXPECT_THAT(on_account("CNY"), SizeIs(120));
  EXPECT_THAT(on_account("USD"), SizeIs(1));
  const auto of_partner =
      Read<std::vector<Payment>>([&](mysql::Transaction& sql) { return store_.OfPartner(sql, "acme"); });
  EXPECT_THAT(of_partner, SizeIs(122));
}

}  // namespace
}  // namespace tributary::inventory
