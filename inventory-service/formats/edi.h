#pragma once

// EDI X12 852 (product activity data) and 867 (product transfer and resale report), releases 4010 and later.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "inventory-service/formats/sheet.h"

namespace tributary::inventory {

// The columns of a sheet that was read from either, in this order:
//   document         the sender's number: 867 BPT02; else "{ISA13}-{GS06}-{ST02}", which the sender counts up
//   line             of the document, from 1 in its order
//   activity         SALE, RETURN, ON_HAND, RECEIPT, OUT_OF_STOCK, ON_ORDER, ADJUSTMENT, TRANSFER, RETURN_TO_VENDOR,
//   SCRAP,
//                    SAMPLE, or OTHER (see activity_code)
//   product_code     of LIN's codes the first one in the order UP, UK, EN, UI, VN, VP, VC, MG, BP, IN, SK, or LIN03
//   product_code_kind  its qualifier
//   quantity         as stated; of a RETURN or RETURN_TO_VENDOR negative, whichever way it is stated
//   unit             of the quantity: EA, CA
//   date             of the activity: 852 ZA05, or the one day that the document covers; 867 DTM 003, 011, 035, 050,
//                    097 or 514 of the line or else of its PTD
//   period_from, period_to  the days that the document covers, both included: 852 XQ; 867 DTM 090 and 091, 582 or 007
//   site_code        where it happened: 852 SDQ, or N1 SN, SO, ST, WH, RL, BY or DB; 867 N1 SF, WH, DB, DS or SE
//   customer_code, customer_name  867: N1 EN, ST, BY, BT, UC or SO of the PTD, the first in this order
//   lot, serial      REF LT or BT, SE; 852 also LIN LT, SE
//   price, amount    852 CTP03 and AMT; 867 UIT02 and AMT, as stated
//   original_document  867: REF OI, else IV or IN, else a PTD05 that is one of these: the invoice, of a return the one
//   that it
//                    goes back to
//   activity_code    852 ZA01: "QS"; 867 PTD01 and QTY01: "SS/32"
const std::vector<std::string>& EdiColumns();

// Reads the interchanges of a file. The separators are those that ISA declares; line ends between segments are passed
// over. What is counted must agree, or the whole file is refused: SE01 segments, GE01 transaction sets, IEA01 groups,
// and the control numbers of each end with its beginning. Transaction sets of another kind are refused. A line with a
// bad number or date, without a product, or whose SDQ quantities do not add up to ZA02, is a problem. `text` is UTF-8.
absl::StatusOr<Sheet> ReadEdi(ReportFormat format, std::string_view text, const SheetLimits& limits);

}  // namespace tributary::inventory
