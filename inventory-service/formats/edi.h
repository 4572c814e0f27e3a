#pragma once

// EDI X12 852 (product activity data) and 867 (product transfer and resale report), releases 4010 and later.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "inventory-service/formats/sheet.h"

namespace tributary::inventory {

// The columns of a sheet that was read from either, in this order:
//   document           852: XQ/XPO and ST: "{GS06}-{ST02}"; 867: BPT02, else the same
//   line               of the document, from 1 in its order
//   activity           852: ZA01 (QA available, QS sold, QR received, QO out of stock, QP on order, QT adjustment,
//   ...);
//                      867: BPT/PTD's kind: SALE, RETURN, TRANSFER, STOCK, or the code where none of these
//   product_code       the first of LIN's codes in the order UP, UK, EN, VN, VP, BP, IN, SK, then any
//   product_code_kind  its qualifier
//   quantity           plain; negative as stated, and for an 867's returns
//   unit               of the quantity: EA, CA
//   date               of the activity, as YYYY-MM-DD
//   period_from, period_to  what the document covers (852: XQ; 867: DTM 090 and 091, or BPT03)
//   site_code          N104 of the place it happened at
//   customer_code, customer_name  N1 ST or BY (867: who bought)
//   lot, serial        REF LT (LS), SE
//   price, amount      unit price (UIT, CTP) and extended amount (AMT) as stated
//   original_document  of a return: the invoice or order it goes back to
const std::vector<std::string>& EdiColumns();

absl::StatusOr<Sheet> ReadEdi(ReportFormat format, std::string_view text, const SheetLimits& limits);

}  // namespace tributary::inventory
