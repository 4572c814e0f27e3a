// Invoices and credit notes on a real database: their lines, and the documents that these sum to.

#include "inventory-service/billing/document_store.h"

#include <map>
#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "inventory-service/credit_notes/credit_note_store.h"
#include "inventory-service/invoices/invoice_store.h"
#include "inventory-service/testing_store.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Date Day(const char* text) { return Date::Parse(std::string("2026-") + text).value(); }

class DocumentStoreTest : public StoreTest {
 protected:
  template <typename Line>
  static Line New(const char* document, int number, const char* net, const char* tax, int generation = 0) {
    Line line;
    line.document = document;
    line.line = number;
    line.generation = generation;
    line.partner = "acme";
    line.product = "bike";
    line.product_line = "bikes";
    line.quantity = D(generation % 2 == 1 ? "-3" : "3");
    line.head = {Day("04-02"), Day("05-02"), "CNY", "税-7", ""};
    line.net_amount = D(net);
    line.tax_amount = D(tax);
    line.gross_amount = line.net_amount + line.tax_amount;
    return line;
  }
  static BilledDocument Document(BilledKind kind, const char* partner, const char* number, const char* gross,
                                 const char* settled, const char* currency = "CNY") {
    BilledDocument document;
    document.kind = kind;
    document.partner = partner;
    document.document = number;
    document.head = {Day("04-02"), Day("05-02"), currency, "税-7", kind == BilledKind::kCreditNote ? "I0" : ""};
    document.lines = 2;
    document.gross_amount = D(gross);
    document.tax_amount = D("13.000001");
    document.net_amount = document.gross_amount - document.tax_amount;
    document.settled = D(settled);
    document.create_time = document.update_time = kStart;
    return document;
  }
  void Put(const std::vector<BilledDocument>& documents) {
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return store_.Put(sql, documents); }));
  }
  static std::vector<std::string> Names(const std::vector<BilledDocument>& documents) {
    std::vector<std::string> names;
    for (const BilledDocument& one : documents) names.push_back(one.name());
    return names;
  }

  DocumentStore store_;
};

TEST_F(DocumentStoreTest, InvoiceLinesAreReadAsTheyWereWritten) {
  const InvoiceStore invoices;
  InvoiceLine first = New<InvoiceLine>("I1", 1, "300.000001", "39");
  first.order = "o1";
  first.order_line = 7;
  ASSERT_TRUE(
      Append(invoices.table(),
             std::vector{first, New<InvoiceLine>("I1", 2, "100", "13"), New<InvoiceLine>("I1", 2, "-100", "-13", 1),
                         New<InvoiceLine>("I1", 3, "5", "0"), New<InvoiceLine>("I2", 1, "1", "0")}));
  EXPECT_FALSE(Append(invoices.table(), std::vector{New<InvoiceLine>("I9", 1, "1", "0"), first}));
  const auto lines =
      Read<std::vector<InvoiceLine>>([&](mysql::Transaction& sql) { return invoices.LinesOf(sql, "acme", "I1"); });
  ASSERT_THAT(lines, SizeIs(2));  // the second is reversed
  EXPECT_EQ(lines[0].order, "o1");
  EXPECT_EQ(lines[0].order_line, 7);
  EXPECT_EQ(lines[0].head.date, Day("04-02"));
  EXPECT_EQ(lines[0].head.due_date, Day("05-02"));
  EXPECT_EQ(lines[0].head.tax_document_number, "税-7");
  EXPECT_EQ(lines[0].net_amount, D("300.000001"));
  EXPECT_EQ(lines[0].tax_amount, D("39"));
  EXPECT_EQ(lines[0].gross_amount, D("339.000001"));
  EXPECT_EQ(lines[0].quantity, D("3"));
  EXPECT_EQ(lines[0].seq, 1);
  EXPECT_EQ(lines[1].line, 3);
  EXPECT_THAT(
      Read<std::vector<InvoiceLine>>([&](mysql::Transaction& sql) { return invoices.LinesOf(sql, "bolt", "I1"); }),
      IsEmpty());
  // None of a batch of which one is known went in.
  EXPECT_THAT(
      Read<std::vector<InvoiceLine>>([&](mysql::Transaction& sql) { return invoices.LinesOf(sql, "acme", "I9"); }),
      IsEmpty());
}

TEST_F(DocumentStoreTest, CreditNoteLinesAreReadAsTheyWereWritten) {
  const CreditNoteStore notes;
  CreditNoteLine line = New<CreditNoteLine>("C1", 1, "100", "13");
  line.head.original_invoice = "I1";
  line.head.due_date = line.head.date;
  ASSERT_TRUE(Append(notes.table(), std::vector{line}));
  // Numbered by the partner: another one's C1 is another document.
  line.partner = "bolt";
  ASSERT_TRUE(Append(notes.table(), std::vector{line}));
  EXPECT_FALSE(Append(notes.table(), std::vector{line}));
  const auto lines =
      Read<std::vector<CreditNoteLine>>([&](mysql::Transaction& sql) { return notes.LinesOf(sql, "acme", "C1"); });
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0].head.original_invoice, "I1");
  EXPECT_EQ(lines[0].head.due_date, Day("04-02"));
  EXPECT_EQ(lines[0].gross_amount, D("113"));
}

TEST_F(DocumentStoreTest, ADocumentIsReadAsItWasWrittenAndGoesWithItsLastLine) {
  const BilledDocument invoice = Document(BilledKind::kInvoice, "acme", "I1", "113.000001", "0");
  Put({invoice, Document(BilledKind::kCreditNote, "acme", "I1", "50", "50")});
  const auto get = [&](BilledKind kind, const char* number) {
    return Read<BilledDocument>([&](mysql::Transaction& sql) { return store_.Get(sql, kind, "acme", number); });
  };
  const BilledDocument read = get(BilledKind::kInvoice, "I1");
  EXPECT_EQ(read.head.due_date, Day("05-02"));
  EXPECT_EQ(read.head.tax_document_number, "税-7");
  EXPECT_EQ(read.lines, 2);
  EXPECT_EQ(read.net_amount, D("100"));
  EXPECT_EQ(read.tax_amount, D("13.000001"));
  EXPECT_EQ(read.open(), D("113.000001"));
  EXPECT_EQ(read.create_time, kStart);
  EXPECT_EQ(get(BilledKind::kCreditNote, "I1").head.original_invoice, "I0");
  // Again: it keeps when it was made.
  BilledDocument changed = invoice;
  changed.settled = D("100");
  changed.create_time = changed.update_time = kStart + absl::Hours(1);
  Put({changed});
  EXPECT_EQ(get(BilledKind::kInvoice, "I1").settled, D("100"));
  EXPECT_EQ(get(BilledKind::kInvoice, "I1").create_time, kStart);
  EXPECT_EQ(get(BilledKind::kInvoice, "I1").update_time, kStart + absl::Hours(1));
  changed.lines = 0;
  Put({changed});
  EXPECT_THAT(Do([&](mysql::Transaction& sql) { return store_.Get(sql, BilledKind::kInvoice, "acme", "I1").status(); }),
              HasReason(Reason::kNotFound));
  EXPECT_EQ(get(BilledKind::kCreditNote, "I1").gross_amount, D("50"));
}

TEST_F(DocumentStoreTest, ListsAndWhatIsOpen) {
  Put({Document(BilledKind::kInvoice, "acme", "I2", "200", "200"),
       Document(BilledKind::kInvoice, "acme", "I1", "100", "40"),
       Document(BilledKind::kInvoice, "acme", "I3", "300", "0", "USD"),
       Document(BilledKind::kCreditNote, "acme", "C1", "50", "10"),
       Document(BilledKind::kInvoice, "bolt", "I1", "100", "0")});
  const auto listed = [&](BilledKind kind, std::string_view partner, std::string_view filter,
                          std::string_view after_partner = "", std::string_view after = "", int limit = 10) {
    return Names(
        Read<std::vector<BilledDocument>>([&](mysql::Transaction& sql) -> absl::StatusOr<std::vector<BilledDocument>> {
          ASSIGN_OR_RETURN(const SqlPredicate predicate, ParseFilter(filter, DocumentStore::Fields(kind)));
          return store_.List(sql, kind, partner, after_partner, after, predicate, limit);
        }));
  };
  EXPECT_THAT(listed(BilledKind::kInvoice, "", ""),
              ElementsAre("partners/acme/invoices/I1", "partners/acme/invoices/I2", "partners/acme/invoices/I3",
                          "partners/bolt/invoices/I1"));
  EXPECT_THAT(listed(BilledKind::kInvoice, "acme", "", "acme", "I1", 1), ElementsAre("partners/acme/invoices/I2"));
  EXPECT_THAT(listed(BilledKind::kInvoice, "", "open_amount > 0 AND currency = \"CNY\""),
              ElementsAre("partners/acme/invoices/I1", "partners/bolt/invoices/I1"));
  EXPECT_THAT(listed(BilledKind::kCreditNote, "", "unallocated_amount = 40"),
              ElementsAre("partners/acme/creditNotes/C1"));
  EXPECT_THAT(Names(Read<std::vector<BilledDocument>>(
                  [&](mysql::Transaction& sql) { return store_.OpenOfPartner(sql, "acme", "CNY"); })),
              ElementsAre("partners/acme/invoices/I1", "partners/acme/creditNotes/C1"));
  EXPECT_THAT(
      Names(Read<std::vector<BilledDocument>>([&](mysql::Transaction& sql) { return store_.OfPartner(sql, "acme"); })),
      SizeIs(4));
  // More keys than one statement asks for, most of them of nothing.
  std::vector<DocumentKey> keys = {{"bolt", "I1"}, {"acme", "C1"}};
  for (int i = 0; i < 150; ++i) keys.emplace_back("acme", StrCat("I", i));
  const Documents found =
      Read<Documents>([&](mysql::Transaction& sql) { return store_.Find(sql, BilledKind::kInvoice, keys); });
  EXPECT_THAT(found, SizeIs(4));
  EXPECT_TRUE(found.contains({"bolt", "I1"}));
}

}  // namespace
}  // namespace tributary::inventory
