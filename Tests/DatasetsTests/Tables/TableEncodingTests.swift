import Autograd
import Testing

@testable import Datasets

@Suite struct TableEncodingTests {
    private static let text = """
        country,weight,rank,town,day,note,fraud
        Spain,1.5,10,A,2024-01-01,x,0
        Norway,,1000,B,2024-01-03,y,1
        ,2.50,30,,,z,0
        Spain,3.5,30,B,2024-01-05,,0
        """
    private static let kinds: [TableSchema.Kind] = [
        .category, .number, .rank, .embedding, .date, .ignored, .label,
    ]

    private static func fitted() throws -> (CSV.Table, TableEncoding) {
        let table = try TableSchemaTests.table(text)
        let schema = TableSchema(
            columns: zip(table.header, kinds).map { .init(name: $0, kind: $1) })
        return (
            table,
            try TableEncoding(fitting: schema, to: table, rows: [0, 1, 2, 3], path: "t.csv")
        )
    }

    @Test func rowsBecomeSamples() throws {
        let (table, encoding) = try Self.fitted()
        #expect(encoding.elements == 10)
        #expect(encoding.inputs.map(\.values) == [3, 0, 0, 3, 0])
        let encoded = try encoding.encode(table, path: "t.csv")
        #expect(encoded.labels == ["0", "1", "0", "0"] && encoded.unseen.isEmpty)
        let rows = (0..<4).map { encoded.samples[$0].elements(as: Float.self) }
        // Norway, Spain, unknown; none where it is missing.
        #expect(rows.map { Array($0[0..<3]) } == [[0, 1, 0], [1, 0, 0], [0, 0, 0], [0, 1, 0]])
        // Mean 2.5, deviation √(2/3).
        #expect(abs(rows[0][3] + 1.224745) < 1e-5 && rows[0][4] == 1)
        #expect(rows[1][3] == 0 && rows[1][4] == 0)
        // Ranks: only the order counts, and equal numbers are equal.
        #expect(rows[2][5] == rows[3][5] && rows[0][5] < rows[2][5] && rows[2][5] < rows[1][5])
        #expect(abs(rows[0][5] + rows[1][5]) < 1e-6)
        #expect(rows.map { $0[7] } == [1, 2, 0, 2])
        #expect(rows[1][8] == 0 && rows[1][9] == 1 && rows[2][9] == 0)
    }

    /// By rank no date is before the first or after the last of the training rows, whatever the number.
    @Test func rankedDatesStayWhereTheyWere() throws {
        let table = try TableSchemaTests.table(Self.text)
        var schema = TableSchema(
            columns: zip(table.header, Self.kinds).map { .init(name: $0, kind: $1) })
        schema.ranksDates = true
        let encoding = try TableEncoding(
            fitting: schema, to: table, rows: [0, 1, 2, 3], path: "t.csv")
        #expect(encoding.columns[4].kind == .date)
        let samples = [Float(-1e3), 0, 1e3].map { number in
            Tensor((0..<10).map { $0 == 8 ? number : 0 })
        }
        let made = encoding.table(of: stacked(samples)).rows.map { $0[4] }
        #expect(made == ["2024-01-01", "2024-01-03", "2024-01-05"])
        let standard = try Self.fitted().1.table(of: stacked(samples)).rows.map { $0[4] }
        #expect(standard[0] < "2023" && standard[2] > "2025")
    }

    @Test func filledCellsReadAsTheyStood() throws {
        let (table, encoding) = try Self.fitted()
        let complete = try TableSchemaTests.table(
            """
            country,weight,rank,town,day,note,fraud
            Spain,1.50,10,A,2024-01-01,x,0
            Norway,2.25,1000,B,2024-01-03,y,1
            Norway,2.50,30,A,2024-01-02,z,0
            Spain,3.50,30,B,2024-01-05,,0
            """)
        let samples = try encoding.encode(complete, path: "").samples
        let (filled, marks) = try encoding.fill(table, from: samples, path: "t.csv")
        #expect(marks.map { $0.filter { $0 }.count } == [0, 1, 3, 0])
        #expect(filled.rows[1] == ["Norway", "2.25", "1000", "B", "2024-01-03", "y", "1"])
        #expect(filled.rows[2] == ["Norway", "2.50", "30", "A", "2024-01-02", "z", "0"])
        // What was there stays to the letter, and so does what is left out.
        #expect(filled.rows[0] == table.rows[0] && filled.rows[3] == table.rows[3])
        // Everything, from a table without a cell.
        let empty = CSV.Table(
            header: table.header, rows: table.rows.map { $0.map { _ in "" } })
        let (all, _) = try encoding.fill(empty, from: samples, path: "")
        #expect(all.rows.map { Array($0[0..<5]) } == complete.rows.map { Array($0[0..<5]) })
    }

    @Test func anEncodingIsKept() throws {
        try withTemporaryFolder { folder in
            let (table, encoding) = try Self.fitted()
            try encoding.write(to: folder + "/e.json")
            let kept = try TableEncoding(contentsOf: folder + "/e.json")
            #expect(kept == encoding)
            #expect(
                try kept.encode(table, path: "").samples
                    .isIdentical(to: encoding.encode(table, path: "").samples))
        }
    }

    @Test func columnsMayStandInAnotherOrder() throws {
        let (table, encoding) = try Self.fitted()
        // Without the label and what is left out.
        let turned = CSV.Table(
            header: table.header.prefix(5).reversed(),
            rows: table.rows.map { $0.prefix(5).reversed() })
        let encoded = try encoding.encode(turned, path: "")
        #expect(encoded.labels == nil)
        #expect(encoded.samples.isIdentical(to: try encoding.encode(table, path: "").samples))
    }

    @Test func valuesNeverSeenAreUnknown() throws {
        let (_, encoding) = try Self.fitted()
        let table = try TableSchemaTests.table(
            "country,weight,rank,town,day\nKenya,1,1,C,2024-01-01\nKenya,1,1,A,2024-01-01")
        let encoded = try encoding.encode(table, path: "")
        #expect(encoded.unseen.map(\.column) == ["country", "town"])
        #expect(encoded.unseen.map(\.cells) == [2, 1])
        let row = encoded.samples[0].elements(as: Float.self)
        #expect(Array(row[0..<3]) == [0, 0, 1] && row[7] == 3)
    }

    @Test func whatIsWrongIsSaid() throws {
        let (table, encoding) = try Self.fitted()
        func encode(_ text: String) throws {
            _ = try encoding.encode(TableSchemaTests.table(text), path: "t.csv")
        }
        expectError(
            "t.csv: expected the columns of the schema, found a table without \"weight\", and "
                + "\"mass\" besides"
        ) { try encode("country,mass,rank,town,day\nSpain,1,1,A,2024-01-01") }
        expectError("a number in line 3, column \"weight\"", "found \"heavy\"") {
            try encode("country,weight,rank,town,day\nSpain,1,1,A,\nSpain,heavy,1,A,")
        }
        expectError("a date such as 2026-03-31 in line 2, column \"day\"", "found \"Monday\"") {
            try encode("country,weight,rank,town,day\nSpain,1,1,A,Monday")
        }
        func fit(_ kinds: [TableSchema.Kind]) throws {
            let schema = TableSchema(
                columns: zip(table.header, kinds).map { .init(name: $0, kind: $1) })
            _ = try TableEncoding(fitting: schema, to: table, rows: [2], path: "t.csv")
        }
        expectError("a cell of the column \"country\" that is not missing", "all 1 missing") {
            try fit(Self.kinds)
        }
        expectError("a number in line 4, column \"note\"", "as missing", "found \"z\"") {
            try fit([.ignored, .number, .rank, .ignored, .ignored, .number, .label])
        }
        expectError("a date like 2026-03-31", "line 2, column \"note\"", "found \"x\"") {
            try fit([.ignored, .number, .rank, .ignored, .ignored, .date, .label])
        }
        expectError("a column to learn from") {
            try fit(Array(repeating: .ignored, count: 6) + [.label])
        }
    }

    @Test func numbersKeepTheirScale() {
        var generator = RandomGenerator(seed: 1)
        let numbers = generator.normal([5000], dataType: .float64).elements(as: Double.self)
            .map { $0 * $0 * $0 }
        for scale in [NumberScale.standard(numbers), .rank(numbers)] {
            for number in numbers.prefix(200) {
                #expect(abs(scale.unscaled(scale.scaled(number)) - number) < 1e-9)
            }
        }
        // A thousand ranks are kept, and their scores are about normal.
        let ranks = numbers.map { NumberScale.rank(numbers).scaled($0) }
        let variance = ranks.map { $0 * $0 }.reduce(0, +) / 5000
        let sum = ranks.reduce(0, +)
        #expect(abs(variance - 1) < 0.01 && abs(sum) < 5)
        #expect(NumberScale.rank(numbers).scaled(1e9) == ranks.max())
        #expect(NumberScale.standard([4, 4]).scaled(4) == 0)
        #expect(NumberScale.rank([4, 4]).unscaled(9) == 4)
    }

    /// What is drawn from the normal distribution has the numbers as often as the column has them,
    /// even if one of them is most of it.
    @Test func drawnRanksHaveTheDistributionOfTheColumn() {
        let numbers =
            Array(repeating: 0.0, count: 700) + Array(repeating: 5, count: 200)
            + (0..<100).map { 10 + Double($0) }
        let scale = NumberScale.rank(numbers)
        #expect(scale.flaw == nil)
        var generator = RandomGenerator(seed: 3)
        let drawn = generator.normal([20_000], dataType: .float64).elements(as: Double.self)
            .map { scale.unscaled($0).rounded() }
        func share(_ range: ClosedRange<Double>) -> Double {
            Double(drawn.count { range.contains($0) }) / 20_000
        }
        #expect(abs(share(0...0) - 0.7) < 0.015 && abs(share(5...5) - 0.2) < 0.015)
        #expect(abs(share(10...59) - 0.05) < 0.01 && abs(share(60...109) - 0.05) < 0.01)
        for number in [0.0, 5, 60] {
            #expect(abs(scale.unscaled(scale.scaled(number)) - number) < 1e-6)
        }
        // Far apart, close together, and as large as numbers can be.
        for extreme in [
            [0, 0, 0, Double.leastNonzeroMagnitude], [1, 1, 1, 1.0.nextUp],
            [-1e308, -1e308, -1e308, 1e308],
        ] {
            let scale = NumberScale.rank(extreme)
            #expect(scale.flaw == nil)
            for number in extreme {
                let place = scale.scaled(number)
                #expect(place.isFinite && scale.unscaled(place).isFinite)
            }
        }
    }
}

@Suite struct TableDatasetTests {
    @Test func thePackagesTableHasMixedColumns() throws {
        let table = CSV.Table.customers(count: 600)
        #expect(table == CSV.Table.customers(count: 600))
        #expect(table != CSV.Table.customers(count: 600, seed: 1))
        let schema = try TableSchema(inferredFrom: table, label: "fraud", path: "")
        #expect(
            schema.columns.map(\.kind) == [
                .category, .number, .category, .category, .category, .number, .date, .label,
            ])
        for column in 0..<7 {
            let missing = table.rows.count { $0[column].isEmpty }
            #expect(missing > 10 && missing < 250)
        }
        let dataset = try Dataset.named("customers")
        #expect(dataset.training.count == 1800 && dataset.classNames == ["0", "1"])
    }

    /// No class of their own.
    @Test func rowsWithoutALabelHaveNone() throws {
        let table = try TableSchemaTests.table("x,label\n1,b\n2,\n3, NA \n4,a\n5,b")
        let schema = try TableSchema(inferredFrom: table, label: "label", path: "")
        let read = try TableDataset(
            table, name: "t", schema: schema, splitting: DataSplit(testShare: 0))
        #expect(read.dataset.classNames == ["a", "b"])
        #expect(read.dataset.training.labels?.elements() == [1, -1, -1, 0, 1] as [Int32])
        let encoded = try read.encoding.encode(table, path: "t")
        #expect(encoded.labels == ["b", nil, nil, "a", "b"])
        var empty = table
        for row in empty.rows.indices { empty.rows[row][1] = "" }
        let unlabelled = try TableDataset(
            empty, name: "t", encoding: read.encoding, splitting: DataSplit(testShare: 0))
        #expect(unlabelled.dataset.training.labels == nil)
    }

    @Test func whatIsTrainedOnIsFittedTo() throws {
        let rows = (0..<100).map { "\($0),\($0 < 50 ? "a" : "b"),\($0 < 50 ? "good" : "bad")" }
        let table = try TableSchemaTests.table((["x,c,label"] + rows).joined(separator: "\n"))
        let schema = try TableSchema(inferredFrom: table, label: "label", path: "")
        let selection = DataSplit(testShare: 0.4, seed: 3, normal: "good")
        let read = try TableDataset(table, name: "t", schema: schema, splitting: selection)
        #expect(read.dataset.test.count == 40)
        #expect(read.dataset.training.count < 50 && read.dataset.classNames == ["bad", "good"])
        #expect(
            read.dataset.training.labels?.elements(as: Int32.self).allSatisfy { $0 == 1 } == true)
        #expect(read.encoding.inputs[1].values == 2)
        // Mean 0 and deviation 1 over what is trained on alone.
        let numbers = read.dataset.training.inputs.sliced(axis: 1, 0..<1)
        #expect(abs(numbers.mean().scalar) < 1e-5)
        let again = try TableDataset(
            table, name: "t", encoding: read.encoding, splitting: selection)
        #expect(again.dataset.test.inputs.isIdentical(to: read.dataset.test.inputs))
        #expect(again.dataset.training.inputs.isIdentical(to: read.dataset.training.inputs))
        let other = try TableDataset(
            table, name: "t", schema: schema, splitting: DataSplit(testShare: 0.4, seed: 4))
        #expect(other.dataset.training.count == 60)
        expectError("t: expected rows to train on with the label \"fine\"", "none") {
            try TableDataset(
                table, name: "t", schema: schema, splitting: DataSplit(normal: "fine"))
        }
    }

    @Test func hiddenCellsAreMissing() throws {
        let table = CSV.Table.customers(count: 400)
        let schema = try TableSchema(inferredFrom: table, label: "fraud", path: "")
        let hidden = schema.hiding(0.5, of: table, seed: 1)
        func empty(_ table: CSV.Table) -> Int {
            table.rows.map { $0.prefix(7).count { $0.isEmpty } }.reduce(0, +)
        }
        let before = empty(table)
        let share = Double(empty(hidden) - before) / Double(2800 - before)
        #expect(abs(share - 0.5) < 0.05)
        #expect(hidden.rows.map(\.last) == table.rows.map(\.last))
        let encoding = try TableEncoding(
            fitting: schema, to: table, rows: Array(0..<400), path: "")
        #expect(encoding.hiding(0.5, of: table, seed: 1) == hidden)
    }

    @Test func imageSetsMayBeTrainedOnOneLabel() throws {
        let digits = try Dataset.named("digits8x8")
        let sevens = try digits.training(onLabel: "7")
        #expect(sevens.test.count == digits.test.count)
        #expect(sevens.training.count > 100 && sevens.training.count < 200)
        expectError("samples with the label \"x\"", "labels 0, 1") {
            try digits.training(onLabel: "x")
        }
        expectError("none with labels") {
            try Dataset(
                name: "a", splitting: Examples(inputs: digits.test.inputs), classNames: [],
                source: "", path: ""
            ).training(onLabel: "7")
        }
    }
}
