import Autograd
import Foundation

extension CSV.Table {
    /// A small table of orders with mixed columns and many missing cells: country, temperature that
    /// day, domain of the e-mail address, network and type of the card, amount, and date. The cells
    /// of a row are related: the temperature depends on country and season, domain and card on the
    /// country, the amount on the type of the card. In a few rows one of these is from another
    /// country; they have 1 in the column `fraud`.
    public static func customers(count: Int = 2000, seed: UInt64 = 0) -> CSV.Table {
        var generator = RandomGenerator(seed: seed)
        let chance = generator.uniform([count, 16], dataType: .float64).elements(as: Double.self)
        let noise = generator.normal([count, 2], dataType: .float64).elements(as: Double.self)
        let rows = (0..<count).map { row in
            order(
                Array(chance[16 * row..<16 * row + 16]), Array(noise[2 * row..<2 * row + 2]))
        }
        return CSV.Table(
            header: [
                "country", "temperature", "email_domain", "card_network", "card_type", "amount",
                "date", "fraud",
            ], rows: rows)
    }

    private static func order(_ chance: [Double], _ noise: [Double]) -> [String] {
        // Sound: random numbers are in [0, 1), so the indices are in range.
        let home = Country.all[Int(chance[0] * Double(Country.all.count))]
        let isFraud = chance[1] < 0.04
        let other = Country.all.filter { $0.name != home.name }[
            Int(chance[2] * Double(Country.all.count - 1))]
        // Which of three cells is from another country.
        let odd = isFraud ? Int(chance[3] * 3) : -1
        let day = Int(chance[4] * 730)
        let weather = odd == 0 ? other : home
        let season = -cos(2 * .pi * Double(day % 365) / 365)
        let temperature = weather.temperature + weather.swing * season + 2 * noise[0]
        let isCredit = chance[5] < (odd == 2 ? 1 - home.credit : home.credit)
        let amount = exp((isCredit ? 4.5 : 3) + 0.5 * noise[1])
        let networks = (odd == 1 ? other : home).networks
        let domains = (odd == 1 ? other : home).domains
        // Sound: random numbers again.
        let cells = [
            home.name, String(format: "%.1f", temperature),
            domains[Int(chance[6] * chance[6] * Double(domains.count))],
            networks[Int(chance[7] * Double(networks.count))], isCredit ? "credit" : "debit",
            String(format: "%.2f", amount), DateFormat.standard.text(Double(19_723 + day)),
        ]
        // From a twentieth to a third of a column's cells are missing.
        let missing = [0.05, 0.2, 0.3, 0.15, 0.15, 0.1, 0.05]
        return zip(cells, zip(missing, chance[8...])).map { cell, odds in
            odds.1 < odds.0 ? "" : cell
        } + [isFraud ? "1" : "0"]
    }
}

private struct Country {
    let name: String
    /// The annual mean, and how far summer and winter deviate from it.
    let temperature: Double
    let swing: Double
    let domains: [String]
    let networks: [String]
    /// The share of the cards that are credit cards.
    let credit: Double

    static let all = [
        Country(
            name: "Germany", temperature: 10, swing: 9, domains: ["gmx.example", "web.example"],
            networks: ["girocard", "visa"], credit: 0.1),
        Country(
            name: "Spain", temperature: 18, swing: 8, domains: ["correo.example"],
            networks: ["visa", "mastercard"], credit: 0.4),
        Country(
            name: "Norway", temperature: 3, swing: 10, domains: ["epost.example", "nett.example"],
            networks: ["bankaxept"], credit: 0.2),
        Country(
            name: "Japan", temperature: 15, swing: 10, domains: ["denshi.example"],
            networks: ["jcb", "visa"], credit: 0.9),
        Country(
            name: "Kenya", temperature: 24, swing: 1, domains: ["barua.example"],
            networks: ["mastercard"], credit: 0.05),
    ]
}
