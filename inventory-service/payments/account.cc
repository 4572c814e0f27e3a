#include "inventory-service/payments/account.h"

#include <vector>

#include "common/status/status.h"
#include "inventory-service/billing/document_store.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/payments/payment_proto.h"
#include "inventory-service/payments/payment_store.h"

namespace tributary::inventory {
namespace {

// What the fold reads of one currency.
struct Book {
  std::vector<Receivable> receivables;
  std::vector<Source> sources;
};

std::map<std::string, Book> BooksOf(const std::vector<BilledDocument>& documents,
                                    const std::vector<Payment>& payments) {
  std::map<std::string, Book> books;
  for (const BilledDocument& document : documents) {
    Book& book = books[document.head.currency];
    if (document.kind == BilledKind::kInvoice) {
      book.receivables.push_back(
          {document.document, document.head.date, document.head.due_date, document.gross_amount});
      continue;
    }
    Source source{SourceKind::kCreditNote, document.document, document.head.date, document.gross_amount, {}, {}};
    if (!document.head.original_invoice.empty()) {
      source.named = {{document.head.original_invoice, document.gross_amount, AllocationCause::kOriginalInvoice}};
    }
    book.sources.push_back(std::move(source));
  }
  std::map<std::string, const Payment*> by_id;
  for (const Payment& payment : payments) by_id[payment.id] = &payment;
  for (const Payment& payment : payments) {
    if (!payment.reverses.empty()) continue;
    books[payment.amount.currency].sources.push_back(
        SourceOf(payment, payment.reversed_by.empty() ? nullptr : by_id.at(payment.reversed_by)));
  }
  return books;
}

absl::Status ReallocateOne(const rpc::Call& call, rpc::Unit& unit, const std::string& partner,
                           const PaymentVerbs& verbs) {
  const DocumentStore document_store;
  const PaymentStore payment_store;
  ASSIGN_OR_RETURN(std::vector<BilledDocument> documents, document_store.OfPartner(unit.sql(), partner));
  ASSIGN_OR_RETURN(std::vector<Payment> payments, payment_store.OfPartner(unit.sql(), partner));
  ASSIGN_OR_RETURN(const AllocationsBySource before, payment_store.AllocationsOf(unit.sql(), partner));

  AllocationsBySource after;
  std::map<std::string, Decimal> paid;      // of an invoice
  std::map<std::string, Decimal> credited;  // by a credit note
  std::map<SourceKey, Allocations::Rest> rests;
  for (const auto& [currency, book] : BooksOf(documents, payments)) {
    Allocations allocations = Allocate(book.receivables, book.sources);
    paid.merge(allocations.settled);
    rests.merge(allocations.rests);
    for (Allocation& part : allocations.parts) {
      if (part.kind == SourceKind::kCreditNote) credited[part.source] += part.amount;
      std::vector<Allocation>& of_source = after[{part.kind, part.source}];
      of_source.push_back(std::move(part));
    }
  }

  std::vector<BilledDocument> changed;
  for (BilledDocument& document : documents) {
    const auto& sums = document.kind == BilledKind::kInvoice ? paid : credited;
    const auto sum = sums.find(document.document);
    const Decimal settled = sum == sums.end() ? Decimal() : sum->second;
    if (settled == document.settled) continue;
    document.settled = settled;
    document.update_time = call.now;
    changed.push_back(std::move(document));
  }
  RETURN_IF_ERROR(document_store.Put(unit.sql(), changed));
  for (const auto& [source, parts] : before) {
    if (!after.contains(source)) RETURN_IF_ERROR(payment_store.ReplaceAllocations(unit.sql(), partner, source, {}));
  }
  for (const auto& [source, parts] : after) {
    const auto old = before.find(source);
    if (old != before.end() && old->second == parts) continue;
    RETURN_IF_ERROR(payment_store.ReplaceAllocations(unit.sql(), partner, source, parts));
  }

  for (Payment& payment : payments) {
    const SourceKey key{SourceKind::kPayment, payment.id};
    const auto parts = after.find(key);
    const std::vector<Allocation> now = parts == after.end() ? std::vector<Allocation>() : parts->second;
    const auto rest = rests.find(key);
    const Allocations::Rest left = rest == rests.end() ? Allocations::Rest() : rest->second;
    const auto verb = verbs.find({partner, payment.id});
    if (verb == verbs.end() && now == payment.allocations && left.unallocated == payment.unallocated &&
        left.waiting == payment.waiting) {
      continue;
    }
    payment.allocations = now;
    payment.unallocated = left.unallocated;
    payment.waiting = left.waiting;
    payment.update_time = call.now;
    RETURN_IF_ERROR(payment_store.Update(unit.sql(), payment));
    unit.Emit(Told(verb == verbs.end() ? "allocated" : verb->second, payment));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status LockAccounts(mysql::Transaction& sql, const std::set<std::string>& partners, absl::Time now) {
  for (const std::string& partner : partners) RETURN_IF_ERROR(LockPartner(sql, partner, now));
  return absl::OkStatus();
}

absl::Status Reallocate(const rpc::Call& call, rpc::Unit& unit, const std::set<std::string>& partners,
                        const PaymentVerbs& verbs) {
  for (const std::string& partner : partners) RETURN_IF_ERROR(ReallocateOne(call, unit, partner, verbs));
  return absl::OkStatus();
}

}  // namespace tributary::inventory
