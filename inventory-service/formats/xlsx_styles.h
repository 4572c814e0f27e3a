#pragma once

// What a number in a spreadsheet is, by its number format.

#include <optional>
#include <string>
#include <string_view>

namespace tributary::inventory {

enum class NumberKind { kNumber, kDate, kTime };

// Of a format that the workbook defines: "yyyy\-mm\-dd;@" is a date, "h:mm" a time, "[h]:mm" and "0.00E+00" are
// numbers.
NumberKind KindOfFormat(std::string_view code);
// Of one that every spreadsheet knows by its number (ECMA-376 part 1, 18.8.30).
NumberKind KindOfBuiltIn(int id);

// A serial number as a date: "2024-03-31", with "T08:30:00" where it has a time of day to the second; as a time:
// "08:30:00" where it has no day. Nothing where there is no such day: 1900-02-29, which a spreadsheet believes in, and
// 1900-01-00.
std::optional<std::string> SerialText(std::string_view serial, NumberKind kind, bool from_1904);

// The number as the spreadsheet shows it: see ReadSheet. Nothing where the text is no number.
std::optional<std::string> CellNumber(std::string_view text, bool computed);

}  // namespace tributary::inventory
