// Credit notes by file, by name and by pages.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inventory-service/testing_facts.h"
#include "tributary/inventory/v1/credit_note.pb.h"
#include "tributary/inventory/v1/invoice.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

google::type::Money Yuan(int amount) { return wire::ToProto(Money{"CNY", Decimal::FromInt(amount)}); }
google::type::Date On(const char* day) { return wire::ToProto(Date::Parse(day).value()); }

class CreditNotesTest : public FactsTest {
 protected:
  // A line over `amount`, without tax.
  template <typename Line>
  static void Fill(const std::string& document, int number, int amount, Line* line) {
    line->set_partner("partners/acme");
    line->set_document(document);
    line->set_line(number);
    line->set_product("products/bike");
    line->mutable_quantity()->set_value("1");
    *line->mutable_net_amount() = *line->mutable_gross_amount() = Yuan(amount);
  }
  void Bill(const std::string& document, int amount) {
    v1::CreateInvoiceRequest request;
    request.set_parent("partners/acme");
    v1::InvoiceLine& line = *request.mutable_invoice()->add_lines();
    Fill(document, 1, amount, &line);
    *line.mutable_invoice_date() = On("2026-01-05");
    *line.mutable_due_date() = On("2026-02-05");
    ASSERT_OK(inventory_.Call<v1::Invoice>("InvoiceService/CreateInvoice", request));
  }
  static v1::CreditNoteLine Credit(const std::string& document, int number, int amount) {
    v1::CreditNoteLine line;
    Fill(document, number, amount, &line);
    *line.mutable_credit_date() = On("2026-01-20");
    line.set_original_invoice("partners/acme/invoices/A");
    return line;
  }
  absl::StatusOr<api::v1::BatchImportResponse> Import(const std::string& import_name,
                                                      const std::vector<v1::CreditNoteLine>& lines) {
    v1::BatchImportCreditNotesRequest request;
    request.set_import(import_name);
    for (const v1::CreditNoteLine& line : lines) {
      v1::CreditNoteLineRow& row = *request.add_rows();
      row.set_row(request.rows_size() + 1);
      *row.mutable_line() = line;
    }
    return inventory_.Call<api::v1::BatchImportResponse>("CreditNoteService/BatchImportCreditNotes", request);
  }
  absl::StatusOr<v1::CreditNote> Get(const std::string& name) {
    v1::GetCreditNoteRequest request;
    request.set_name(name);
    return inventory_.Call<v1::CreditNote>("CreditNoteService/GetCreditNote", request);
  }
  int64_t Open(const std::string& document) {
    v1::GetInvoiceRequest request;
    request.set_name("partners/acme/invoices/" + document);
    const auto invoice = inventory_.Call<v1::Invoice>("InvoiceService/GetInvoice", request);
    EXPECT_OK(invoice);
    return invoice->open_amount().units();
  }
};

TEST_F(CreditNotesTest, ComeByFileAndGoWithIt) {
  Bill("A", 100);
  std::vector<v1::CreditNoteLine> lines = {Credit("C1", 1, 30), Credit("C1", 2, 20), Credit("C1", 2, 20),
                                           Credit("C1", 3, 10), Credit("C2", 1, 10), Credit("C2", 2, 10),
                                           Credit("C2", 3, 10)};
  lines[3].set_original_invoice("partners/acme/invoices/B");  // the document's other lines say A
  lines[4].set_product("products/nothing");
  *lines[5].mutable_gross_amount() = Yuan(11);
  lines[6].set_partner("partners/nobody");
  lines[6].clear_original_invoice();
  const std::string import_name = inventory_.NewImport("creditNotes").value();
  const auto reply = Import(import_name, lines);
  ASSERT_OK(reply);
  EXPECT_EQ(reply->accepted(), 2);
  EXPECT_EQ(reply->duplicate(), 1);
  std::vector<std::string> errors;
  for (const api::v1::RowError& error : reply->errors()) {
    errors.push_back(StrCat(error.row(), " ", error.column(), " ", error.reason()));
  }
  EXPECT_THAT(errors, UnorderedElementsAre("5 original_invoice ROW_CONFLICT", "6 product REFERENCE_NOT_FOUND",
                                           "7 gross_amount INVALID_FIELD", "8 partner REFERENCE_NOT_FOUND"));
  const auto note = Get("partners/acme/creditNotes/C1");
  ASSERT_OK(note);
  EXPECT_THAT(note->lines(), SizeIs(2));
  EXPECT_EQ(note->gross_amount().units(), 50);
  EXPECT_EQ(note->original_invoice(), "partners/acme/invoices/A");
  EXPECT_EQ(note->lines(0).import(), import_name);
  ASSERT_THAT(note->allocations(), SizeIs(1));
  EXPECT_EQ(note->allocations(0).amount().units(), 50);
  EXPECT_EQ(Open("A"), 50);

  const auto again = Import(import_name, {lines[0], lines[1]});
  ASSERT_OK(again);
  EXPECT_EQ(again->accepted(), 0);
  EXPECT_EQ(again->duplicate(), 2);
  const auto other = Import(import_name, {Credit("C1", 1, 31)});
  ASSERT_OK(other);
  ASSERT_THAT(other->errors(), SizeIs(1));
  EXPECT_EQ(other->errors(0).column(), "net_amount");
  EXPECT_EQ(other->errors(0).reason(), "ROW_CONFLICT");

  EXPECT_EQ(inventory_.UndoImport(import_name)->counts().undone(), 2);
  EXPECT_EQ(Open("A"), 100);
}

TEST_F(CreditNotesTest, AreReadByNameAndByPages) {
  Bill("A", 100);
  Bill("B", 100);
  ASSERT_OK(Import(inventory_.NewImport("creditNotes").value(), {Credit("C1", 1, 30), Credit("C2", 1, 20)}));
  EXPECT_EQ(Get("partners/acme/creditNotes/C2")->gross_amount().units(), 20);
  EXPECT_THAT(Get("partners/acme/creditNotes/C3"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Get("partners/bolt/creditNotes/C1"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Get("partners/acme/invoices/A"), Blames("name"));
  EXPECT_THAT(Get("partners/acme/creditNotes/"), Blames("name"));

  v1::ListCreditNotesRequest list;
  list.set_parent("partners/acme");
  list.set_page_size(1);
  const auto listed = [&] {
    return inventory_.Call<v1::ListCreditNotesResponse>("CreditNoteService/ListCreditNotes", list);
  };
  const auto first = listed();
  ASSERT_OK(first);
  EXPECT_EQ(first->credit_notes(0).name(), "partners/acme/creditNotes/C1");
  list.set_page_token(first->next_page_token());
  const auto second = listed();
  ASSERT_OK(second);
  EXPECT_EQ(second->credit_notes(0).name(), "partners/acme/creditNotes/C2");
  EXPECT_EQ(second->next_page_token(), "");
  // A token goes on with its own list alone.
  list.set_parent("partners/bolt");
  EXPECT_THAT(listed(), HasReason(Reason::kPageTokenInvalid));
  v1::ListInvoicesRequest invoices;
  invoices.set_parent("partners/acme");
  invoices.set_page_size(1);
  invoices.set_page_token(first->next_page_token());
  EXPECT_THAT(inventory_.Call<v1::ListInvoicesResponse>("InvoiceService/ListInvoices", invoices),
              HasReason(Reason::kPageTokenInvalid));
}

}  // namespace
}  // namespace tributary::inventory
