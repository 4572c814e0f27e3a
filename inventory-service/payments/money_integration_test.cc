// Invoices, credit notes, payments and what is owed, through the whole service.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "inventory-service/testing_facts.h"
#include "tributary/inventory/v1/credit.pb.h"
#include "tributary/inventory/v1/credit_note.pb.h"
#include "tributary/inventory/v1/invoice.pb.h"
#include "tributary/inventory/v1/payment.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

google::type::Date On(const std::string& day) { return wire::ToProto(Date::Parse("2026-" + day).value()); }
google::type::Money Yuan(const std::string& amount) {
  return wire::ToProto(Money{"CNY", Decimal::Parse(amount).value()});
}
std::string Text(const google::type::Money& money) { return wire::FromProto(money)->amount.ToString(); }

class MoneyTest : public FactsTest {
 protected:
  // Whose documents the methods below are about.
  std::string partner_ = "acme";

  // Without tax.
  v1::InvoiceLine Line(const std::string& document, int number, const std::string& day, const std::string& due,
                       const std::string& gross) {
    v1::InvoiceLine line;
    line.set_partner("partners/" + partner_);
    line.set_document(document);
    line.set_line(number);
    *line.mutable_invoice_date() = On(day);
    *line.mutable_due_date() = On(due);
    line.set_product("products/bike");
    line.mutable_quantity()->set_value("1");
    *line.mutable_net_amount() = Yuan(gross);
    *line.mutable_gross_amount() = Yuan(gross);
    return line;
  }
  absl::StatusOr<v1::Invoice> Bill(const std::vector<v1::InvoiceLine>& lines) {
    v1::CreateInvoiceRequest request;
    request.set_parent("partners/" + partner_);
    for (const v1::InvoiceLine& line : lines) *request.mutable_invoice()->add_lines() = line;
    return inventory_.Call<v1::Invoice>("InvoiceService/CreateInvoice", request);
  }
  absl::StatusOr<v1::CreditNote> Credit(const std::string& document, const std::string& day, const std::string& gross,
                                        const std::string& original = {}) {
    v1::CreateCreditNoteRequest request;
    request.set_parent("partners/" + partner_);
    v1::CreditNoteLine& line = *request.mutable_credit_note()->add_lines();
    line.set_partner("partners/" + partner_);
    line.set_document(document);
    line.set_line(1);
    *line.mutable_credit_date() = On(day);
    line.set_product("products/bike");
    line.mutable_quantity()->set_value("1");
    *line.mutable_net_amount() = Yuan(gross);
    *line.mutable_gross_amount() = Yuan(gross);
    if (!original.empty()) line.set_original_invoice("partners/" + partner_ + "/invoices/" + original);
    return inventory_.Call<v1::CreditNote>("CreditNoteService/CreateCreditNote", request);
  }
  using Named = std::vector<std::pair<std::string, std::string>>;
  absl::StatusOr<v1::Payment> Pay(const std::string& id, const std::string& day, const std::string& amount,
                                  const Named& named = {}) {
    v1::CreatePaymentRequest request;
    request.set_parent("partners/" + partner_);
    request.set_payment_id(id);
    *request.mutable_payment()->mutable_payment_date() = On(day);
    *request.mutable_payment()->mutable_amount() = Yuan(amount);
    for (const auto& [invoice, part] : named) {
      v1::Remittance& remittance = *request.mutable_payment()->add_remittance();
      remittance.set_invoice("partners/" + partner_ + "/invoices/" + invoice);
      *remittance.mutable_amount() = Yuan(part);
    }
    return inventory_.Call<v1::Payment>("PaymentService/CreatePayment", request);
  }
  absl::StatusOr<v1::Payment> Decide(const std::string& id, const Named& named) {
    v1::AllocatePaymentRequest request;
    request.set_name("partners/" + partner_ + "/payments/" + id);
    for (const auto& [invoice, part] : named) {
      v1::Remittance& remittance = *request.add_allocations();
      remittance.set_invoice("partners/" + partner_ + "/invoices/" + invoice);
      *remittance.mutable_amount() = Yuan(part);
    }
    return inventory_.Call<v1::Payment>("PaymentService/AllocatePayment", request);
  }
  absl::StatusOr<v1::Payment> Bounce(const std::string& id, const std::string& day) {
    v1::ReversePaymentRequest request;
    request.set_name("partners/" + partner_ + "/payments/" + id);
    *request.mutable_reversal_date() = On(day);
    return inventory_.Call<v1::Payment>("PaymentService/ReversePayment", request);
  }
  v1::Payment Payment(const std::string& id) {
    v1::GetPaymentRequest request;
    request.set_name("partners/" + partner_ + "/payments/" + id);
    const auto payment = inventory_.Call<v1::Payment>("PaymentService/GetPayment", request);
    EXPECT_OK(payment);
    return payment.value_or(v1::Payment());
  }
  std::string Open(const std::string& document) {
    v1::GetInvoiceRequest request;
    request.set_name("partners/" + partner_ + "/invoices/" + document);
    const auto invoice = inventory_.Call<v1::Invoice>("InvoiceService/GetInvoice", request);
    return invoice.ok() ? Text(invoice->open_amount()) : std::string(invoice.status().message());
  }
  absl::StatusOr<v1::CreditExposure> Exposure(const std::string& day = "06-01") {
    v1::GetCreditExposureRequest request;
    request.set_parent("partners/" + partner_);
    request.set_currency_code("CNY");
    *request.mutable_date() = On(day);
    request.set_explain(true);
    return inventory_.Call<v1::CreditExposure>("CreditService/GetCreditExposure", request);
  }
  // "INV1 40000 30d OLDEST_DUE"
  static std::vector<std::string> Told(const google::protobuf::RepeatedPtrField<v1::Allocation>& parts) {
    std::vector<std::string> told;
    for (const v1::Allocation& part : parts) {
      told.push_back(StrCat(part.invoice().substr(part.invoice().rfind('/') + 1), " ", Text(part.amount()), " ",
                            part.days_to_pay(), "d ", v1::Allocation::Cause_Name(part.cause())));
    }
    return told;
  }
  std::vector<std::string> Settles(const std::string& id) { return Told(Payment(id).allocations()); }
  // Everything that is derived, of every document.
  std::string Books() {
    std::string books;
    const auto list = [&]<typename Reply>(const char* method, auto request, Reply* reply) {
      request.set_parent("partners/" + partner_);
      const auto listed = inventory_.Call<Reply>(method, request);
      EXPECT_OK(listed);
      if (listed.ok()) *reply = *listed;
    };
    v1::ListInvoicesResponse invoices;
    list("InvoiceService/ListInvoices", v1::ListInvoicesRequest(), &invoices);
    for (const v1::Invoice& invoice : invoices.invoices()) {
      StrAppend(&books, invoice.name().substr(9 + partner_.size()), " ", Text(invoice.open_amount()), "\n");
    }
    v1::ListCreditNotesResponse notes;
    list("CreditNoteService/ListCreditNotes", v1::ListCreditNotesRequest(), &notes);
    for (const v1::CreditNote& note : notes.credit_notes()) {
      StrAppend(&books, note.name().substr(9 + partner_.size()), " ", Text(note.unallocated_amount()), " ",
                StrJoin(Told(note.allocations()), ", "), "\n");
    }
    v1::ListPaymentsResponse payments;
    list("PaymentService/ListPayments", v1::ListPaymentsRequest(), &payments);
    for (const v1::Payment& payment : payments.payments()) {
      StrAppend(&books, payment.name().substr(9 + partner_.size()), " ", Text(payment.unallocated_amount()), " ",
                StrJoin(Told(payment.allocations()), ", "), "\n");
    }
    return books;
  }
};

TEST_F(MoneyTest, AnInvoiceIsReadAsItWasStated) {
  v1::InvoiceLine first = Line("INV1", 1, "04-02", "05-02", "100");
  *first.mutable_tax_amount() = Yuan("13.0001");
  *first.mutable_gross_amount() = Yuan("113.0001");
  first.set_tax_document_number("24312000000012345678");
  v1::InvoiceLine second = first;
  second.set_line(2);
  second.set_product("products/fitting");
  ASSERT_OK_AND_ASSIGN(const v1::Invoice made, Bill({first}));
  EXPECT_EQ(made.lines_size(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::Invoice whole, Bill({second, first}));
  EXPECT_THAT(whole.lines(), SizeIs(2));
  v1::GetInvoiceRequest get;
  get.set_name("partners/acme/invoices/INV1");
  ASSERT_OK_AND_ASSIGN(const v1::Invoice read, inventory_.Call<v1::Invoice>("InvoiceService/GetInvoice", get));
  EXPECT_EQ(Text(read.net_amount()), "200");
  EXPECT_EQ(Text(read.tax_amount()), "26.0002");
  EXPECT_EQ(Text(read.gross_amount()), "226.0002");
  EXPECT_EQ(Text(read.open_amount()), "226.0002");
  EXPECT_EQ(read.due_date().month(), 5);
  EXPECT_EQ(read.tax_document_number(), "24312000000012345678");
  EXPECT_EQ(read.lines(1).name(), "partners/acme/invoices/INV1/lines/2");
  EXPECT_EQ(read.lines(0).product_line(), "productLines/bikes");
  EXPECT_THAT(inventory_.Positions(), IsEmpty());  // documents of money move no stock
  get.set_name("partners/bolt/invoices/INV1");
  EXPECT_THAT(inventory_.Call<v1::Invoice>("InvoiceService/GetInvoice", get), HasReason(Reason::kNotFound));
  // Another partner's invoice may have the same number.
  partner_ = "bolt";
  ASSERT_OK(Bill({Line("INV1", 1, "04-02", "05-02", "7")}));

  v1::ListInvoicesRequest list;
  list.set_parent("partners/-");
  list.set_filter("invoice_date = 2026-04-02 AND open_amount > 100");
  const auto listed = inventory_.Call<v1::ListInvoicesResponse>("InvoiceService/ListInvoices", list);
  ASSERT_OK(listed);
  ASSERT_THAT(listed->invoices(), SizeIs(1));
  EXPECT_EQ(listed->invoices(0).name(), "partners/acme/invoices/INV1");

  std::vector<std::string> told;
  for (const events::Event& event : Events()) {
    if (event.type == v1::InvoiceLine::descriptor()->full_name()) told.push_back(event.verb + " " + event.name);
  }
  EXPECT_THAT(told, UnorderedElementsAre("recorded partners/acme/invoices/INV1/lines/1",
                                         "recorded partners/acme/invoices/INV1/lines/2",
                                         "recorded partners/bolt/invoices/INV1/lines/1"));
}

TEST_F(MoneyTest, BadLinesAreToldByRowAndField) {
  v1::BatchImportInvoicesRequest request;
  ASSERT_OK_AND_ASSIGN(*request.mutable_import(), inventory_.NewImport("invoices"));
  const auto add = [&](const std::function<void(v1::InvoiceLine&)>& change) {
    v1::InvoiceLineRow& row = *request.add_rows();
    row.set_row(request.rows_size() + 1);
    *row.mutable_line() = Line("INV1", request.rows_size(), "04-02", "05-02", "100");
    change(*row.mutable_line());
  };
  add([](v1::InvoiceLine&) {});
  add([](v1::InvoiceLine& l) { *l.mutable_gross_amount() = Yuan("100.0001"); });
  add([](v1::InvoiceLine& l) { *l.mutable_due_date() = On("04-01"); });
  add([](v1::InvoiceLine& l) { l.mutable_net_amount()->set_currency_code("USD"); });
  add([](v1::InvoiceLine& l) { *l.mutable_due_date() = On("05-03"); });  // the document's other line says 05-02
  add([](v1::InvoiceLine& l) { l.set_order_line(3); });
  add([](v1::InvoiceLine& l) { l.set_order("partners/bolt/orders/o1"); });
  add([](v1::InvoiceLine& l) { l.set_product("products/nothing"); });
  add([](v1::InvoiceLine& l) { l.set_partner("partners/nobody"); });
  add([](v1::InvoiceLine& l) { l.set_line(1); });                                  // the same as the first
  add([](v1::InvoiceLine& l) { l.set_line(1), l.set_product("products/pump"); });  // and not
  add([](v1::InvoiceLine& l) { *l.mutable_net_amount() = *l.mutable_gross_amount() = Yuan("-1"); });
  const auto reply = inventory_.Call<api::v1::BatchImportResponse>("InvoiceService/BatchImportInvoices", request);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 1);
  EXPECT_EQ(reply->duplicate(), 1);
  std::vector<std::string> errors;
  for (const api::v1::RowError& e : reply->errors())
    errors.push_back(StrCat(e.row(), " ", e.column(), " ", e.reason()));
  EXPECT_THAT(errors, UnorderedElementsAre(
                          "3 gross_amount INVALID_FIELD", "4 due_date INVALID_FIELD",
                          "5 net_amount.currency_code INVALID_FIELD", "6 due_date ROW_CONFLICT",
                          "7 order_line INVALID_FIELD", "8 order INVALID_FIELD", "8 order_line INVALID_FIELD",
                          "9 product REFERENCE_NOT_FOUND", "10 partner REFERENCE_NOT_FOUND", "12 product ROW_CONFLICT",
                          ::testing::StartsWith("13 net_amount"), ::testing::StartsWith("13 gross_amount")))
      << reply->DebugString();
}

TEST_F(MoneyTest, TheMoneyOfScenarioS2) {
  partners_.TellCreditLine("acme", {"CNY", Decimal::FromInt(100000)}, Date::Parse("2026-01-01").value());
  ASSERT_TRUE(Eventually([&] { return Exposure()->credit_line() == "partners/acme/creditLines/main"; }));
  ASSERT_OK(Bill({Line("INV0", 1, "02-20", "03-22", "30000")}));
  ASSERT_OK(Bill({Line("INV1", 1, "04-02", "05-02", "64800")}));
  auto exposure = Exposure();
  ASSERT_OK(exposure);
  EXPECT_EQ(Text(exposure->exposure()), "94800");
  EXPECT_EQ(Text(exposure->limit()), "100000");
  EXPECT_EQ(Text(exposure->available()), "5200");
  EXPECT_THAT(exposure->terms(), SizeIs(2));
  EXPECT_EQ(Text(Exposure("01-01")->limit()), "100000");
  EXPECT_EQ(Text(Exposure("12-31")->limit()), "100000");

  ASSERT_OK_AND_ASSIGN(const v1::Payment p0, Pay("P0", "04-22", "30000", {{"INV0", "30000"}}));
  EXPECT_THAT(Told(p0.allocations()), ElementsAre("INV0 30000 61d REMITTED"));
  EXPECT_EQ(Text(Exposure()->exposure()), "64800");
  ASSERT_OK(Bill({Line("INV2", 1, "04-23", "05-23", "7200")}));
  EXPECT_EQ(Text(Exposure()->exposure()), "72000");
  ASSERT_OK(Pay("P1", "05-02", "40000"));
  ASSERT_OK(Pay("P2", "05-03", "32000"));
  EXPECT_THAT(Settles("P1"), ElementsAre("INV1 40000 30d OLDEST_DUE"));
  EXPECT_THAT(Settles("P2"), ElementsAre("INV1 24800 31d OLDEST_DUE", "INV2 7200 10d OLDEST_DUE"));
  EXPECT_EQ(Text(Exposure()->exposure()), "0");
  EXPECT_EQ(Open("INV1"), "0");

  // Money that comes before anything is billed counts against what is owed.
  ASSERT_OK(Pay("P3", "05-04", "500"));
  exposure = Exposure();
  EXPECT_EQ(Text(exposure->unallocated_payments()), "-500");
  EXPECT_EQ(Text(exposure->exposure()), "-500");
  EXPECT_EQ(Text(exposure->available()), "100500");
  EXPECT_EQ(exposure->terms(0).resource(), "partners/acme/payments/P3");
}

TEST_F(MoneyTest, CreditNotesDecisionsAndBouncesAreTold) {
  ASSERT_OK(Bill({Line("A", 1, "01-05", "02-05", "100")}));
  ASSERT_OK(Bill({Line("B", 1, "01-10", "02-01", "100")}));
  ASSERT_OK_AND_ASSIGN(const v1::CreditNote note, Credit("C1", "01-20", "130", "A"));
  EXPECT_THAT(Told(note.allocations()), ElementsAre("A 100 15d ORIGINAL_INVOICE", "B 30 10d OLDEST_DUE"));
  ASSERT_OK(Pay("P", "02-01", "60", {{"TYPO", "50"}}));
  EXPECT_THAT(Settles("P"), ElementsAre("B 10 22d OLDEST_DUE"));
  EXPECT_EQ(Text(Payment("P").waiting_amount()), "50");

  EXPECT_THAT(Decide("P", {{"B", "60.01"}}), HasReason(Reason::kAllocationExceeds));
  EXPECT_THAT(Decide("P", {{"B", "50.01"}}), HasReason(Reason::kAllocationExceeds));
  EXPECT_THAT(Decide("P", {{"A", "1"}}), HasReason(Reason::kAllocationExceeds));  // nothing of it is open
  ASSERT_OK_AND_ASSIGN(const v1::Payment decided, Decide("P", {{"B", "40"}}));
  EXPECT_THAT(Told(decided.allocations()), ElementsAre("B 40 22d DECIDED", "B 10 22d OLDEST_DUE"));
  EXPECT_EQ(Text(decided.unallocated_amount()), "10");
  EXPECT_EQ(Open("B"), "20");

  ASSERT_OK_AND_ASSIGN(const v1::Payment reversal, Bounce("P", "02-10"));
  EXPECT_EQ(reversal.name(), "partners/acme/payments/P.r1");
  EXPECT_EQ(reversal.reverses(), "partners/acme/payments/P");
  EXPECT_EQ(Text(reversal.amount()), "-60");
  EXPECT_THAT(Told(reversal.allocations()), ElementsAre("B -40 22d REVERSAL", "B -10 22d REVERSAL"));
  EXPECT_EQ(Payment("P").reversed_by(), reversal.name());
  EXPECT_EQ(Text(Payment("P").unallocated_amount()), "0");
  EXPECT_EQ(Open("B"), "70");
  EXPECT_THAT(Bounce("P", "02-10"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Bounce("P.r1", "02-10"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Decide("P", {{"B", "1"}}), HasReason(Reason::kStateConflict));

  std::vector<std::string> told;
  v1::Payment last;
  for (const events::Event& event : Events()) {
    if (event.type != v1::Payment::descriptor()->full_name()) continue;
    told.push_back(event.verb + " " + event.name);
    ASSERT_TRUE(last.ParseFromString(event.payload));
  }
  EXPECT_THAT(told, ElementsAre("recorded partners/acme/payments/P", "allocated partners/acme/payments/P",
                                "reversed partners/acme/payments/P", "recorded partners/acme/payments/P.r1"));
  // The event has what incentives need: parts with their days, negative where they are taken back.
  EXPECT_EQ(last.allocations(0).days_to_pay(), 22);
  EXPECT_EQ(Text(last.allocations(0).amount()), "-40");
}

TEST_F(MoneyTest, ThePaymentAgainChangesNothingAndOtherContentIsRefused) {
  ASSERT_OK_AND_ASSIGN(const v1::Payment made, Pay("P", "02-01", "60", {{"A", "60"}}));
  ASSERT_OK_AND_ASSIGN(const v1::Payment again, Pay("P", "02-01", "60", {{"A", "60"}}));
  EXPECT_EQ(made.SerializeAsString(), again.SerializeAsString());
  EXPECT_THAT(Pay("P", "02-01", "61", {{"A", "60"}}), HasReason(Reason::kRowConflict));
  EXPECT_THAT(Pay("P", "02-01", "60"), HasReason(Reason::kRowConflict));
  EXPECT_THAT(Pay("Q", "02-01", "60", {{"A", "61"}}), Blames("payment.remittance"));
  EXPECT_THAT(Pay("Q", "02-01", "0"), Blames("payment.amount"));
  EXPECT_EQ(Text(Exposure()->exposure()), "-60");
  EXPECT_EQ(Text(Exposure()->limit()), "0");  // nobody gave a line
  partner_ = "nobody";
  EXPECT_THAT(Pay("Q", "02-01", "1"), HasReason(Reason::kReferenceNotFound));
}

TEST_F(MoneyTest, AnyOrderOfArrivalGivesTheSameBooks) {
  const std::vector<std::function<void()>> facts = {
      [&] { EXPECT_OK(Bill({Line("A", 1, "01-05", "02-05", "100")})); },
      [&] { EXPECT_OK(Bill({Line("A", 2, "01-05", "02-05", "50")})); },
      [&] { EXPECT_OK(Bill({Line("B", 1, "01-10", "02-01", "80")})); },
      [&] { EXPECT_OK(Bill({Line("D", 1, "03-01", "03-31", "500")})); },
      [&] { EXPECT_OK(Credit("C", "01-20", "130", "A")); },
      [&] { EXPECT_OK(Pay("P1", "01-12", "90")); },
      [&] {
        EXPECT_OK(Pay("P2", "01-12", "30", {{"D", "30"}}));
      },
      [&] {
        EXPECT_OK(Pay("P3", "02-20", "75", {{"B", "75"}}));
      },
  };
  std::vector<size_t> order(facts.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::string expected;
  std::mt19937 random(1);
  // The property test of allocation_test.cc tries ten thousand sets; here it is the way through the database.
  for (int run = 0; run < 6; ++run) {
    partner_ = StrCat("run-", run);  // each run in books of its own
    partners_.Know(partner_);
    for (const size_t next : order) {
      facts[next]();
      if (random() % 3 == 0) facts[next]();  // told twice
    }
    EXPECT_OK(Bounce("P1", "01-15"));
    const std::string books = Books();
    if (run == 0) expected = books;
    EXPECT_EQ(books, expected);
    std::shuffle(order.begin(), order.end(), random);
  }
  EXPECT_NE(expected.find("/invoices/D 470\n"), std::string::npos) << expected;
}

TEST_F(MoneyTest, AnUndoneImportLeavesTheBooksAsIfItHadNeverBeen) {
  ASSERT_OK(Bill({Line("A", 1, "01-05", "02-05", "100")}));
  ASSERT_OK(Pay("P", "02-01", "250", {{"B", "120"}}));
  const std::string before = Books();
  v1::BatchImportInvoicesRequest request;
  ASSERT_OK_AND_ASSIGN(*request.mutable_import(), inventory_.NewImport("invoices"));
  const auto add = [&](const v1::InvoiceLine& line) {
    request.add_rows()->set_row(request.rows_size() + 1);
    *request.mutable_rows(request.rows_size() - 1)->mutable_line() = line;
  };
  add(Line("A", 2, "01-05", "02-05", "40"));
  add(Line("B", 1, "01-06", "02-06", "130"));
  ASSERT_OK(inventory_.Call<api::v1::BatchImportResponse>("InvoiceService/BatchImportInvoices", request));
  EXPECT_THAT(Settles("P"), ElementsAre("B 120 26d REMITTED", "A 130 27d OLDEST_DUE"));
  EXPECT_EQ(Open("A"), "10");
  EXPECT_EQ(inventory_.UndoImport(request.import())->counts().undone(), 2);
  EXPECT_EQ(Books(), before);
  EXPECT_THAT(Settles("P"), ElementsAre("A 100 27d OLDEST_DUE"));

  // Its numbers are free again, with another head too.
  v1::InvoiceLine again = Line("B", 1, "01-07", "03-06", "90");
  ASSERT_OK(Bill({again}));
  EXPECT_THAT(Settles("P"), ElementsAre("B 90 25d REMITTED", "A 100 27d OLDEST_DUE"));
  v1::GetInvoiceRequest get;
  get.set_name("partners/acme/invoices/B");
  EXPECT_EQ(inventory_.Call<v1::Invoice>("InvoiceService/GetInvoice", get)->lines(0).name(),
            "partners/acme/invoices/B/lines/1.1");
}

TEST_F(MoneyTest, PaymentsAndInvoicesAtOnceLoseNothing) {
  std::vector<std::thread> threads;
  std::atomic<int> failures = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      failures += !Bill({Line(StrCat("I", i), 1, "01-05", "02-05", "100")}).ok();
      failures += !Pay(StrCat("P", i), "02-01", "100").ok();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  const auto exposure = Exposure();
  ASSERT_OK(exposure);
  EXPECT_EQ(Text(exposure->exposure()), "0");
  EXPECT_THAT(exposure->terms(), IsEmpty());
  // As if they had come one by one: the first invoice by number is paid by the first payment by number.
  EXPECT_THAT(Settles("P0"), ElementsAre("I0 100 27d OLDEST_DUE"));
}

}  // namespace
}  // namespace tributary::inventory
