import Autograd
import Foundation
import TestSupport
import Testing

@testable import Datasets

@Suite struct MicrographTests {
    private func write(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/image.png"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            try body(path)
        }
    }

    /// 0, 51, … of 255 in eight bits, of which none is lost in sixteen.
    @Test func sixteenBitsAreKept() throws {
        try write(PNGTests.sixteenBits) { path in
            let image = try Micrograph(contentsOf: path)
            #expect((image.height, image.width) == (2, 3))
            #expect(image.bytes() == (try PNG.read(path)).pixels)
        }
        // 1 of 65,535 is nothing of 255.
        let image = Micrograph(height: 1, width: 3, pixels: [0, 1 / 65_535, 3 / 65_535])
        #expect(image.bytes() == [0, 0, 0])
        #expect(image.bytes(0...3 / 65_535) == [0, 85, 255])
    }

    @Test func eightBitsComeBackAsTheyWere() throws {
        let all = (0...255).map { UInt8($0) }
        let file = PNG.Image(width: 16, height: 16, channels: 1, pixels: all)
        try write(PNG.encode(file)) { path in
            let image = try Micrograph(contentsOf: path)
            #expect(image.bytes() == all)
            #expect(image.pixels[51] == 0.2)
            try image.write(to: path)
            #expect(try PNG.read(path) == file)
        }
    }

    @Test func colourIsRefusedUnlessItIsGrey() throws {
        try write(PNGTests.colour) { path in
            expectError("image.png: expected a grey image, found one in colour") {
                try Micrograph(contentsOf: path)
            }
        }
        let grey = PNG.Image(width: 2, height: 1, channels: 3, pixels: [7, 7, 7, 90, 90, 90])
        try write(PNG.encode(grey)) { path in
            let bytes = try Micrograph(contentsOf: path).bytes()
            #expect(bytes == [7, 90])
        }
    }

    @Test func foldersAreStacksInTheOrderOfNumbers() throws {
        try withTemporaryFolder { folder in
            for number in [10, 9, 1] {
                try Micrograph(
                    height: 2, width: 2, pixels: [Float](repeating: Float(number) / 255, count: 4)
                )
                .write(to: "\(folder)/f\(number).png")
            }
            try Data("no image".utf8).write(to: URL(fileURLWithPath: folder + "/notes.txt"))
            let stack = try Micrograph.stack(at: [folder])
            #expect(stack.map { $0.micrograph.bytes()[0] } == [1, 9, 10])
            let twice = try Micrograph.stack(at: [folder + "/f9.png", folder])
            #expect(twice.map { $0.micrograph.bytes()[0] } == [9, 1, 9, 10])

            try Micrograph(height: 1, width: 2, pixels: [0, 0]).write(to: folder + "/f99.png")
            expectError("f99.png: expected 2 × 2 pixels, as in", "found 1 × 2") {
                try Micrograph.stack(at: [folder])
            }
        }
        try withTemporaryFolder { folder in
            expectError("expected a folder of PNG or JPEG images, found none") {
                try Micrograph.stack(at: [folder])
            }
        }
    }

    // MARK: Patches

    private static let image = Micrograph(
        height: 6, width: 7, pixels: (0..<42).map { Float($0) / 255 })

    /// By hand: pixels are numbered row by row.
    @Test func patchesAreCutAroundTheNearestPixel() {
        func cut(_ y: Double, _ x: Double, _ size: Int) -> [UInt8]? {
            let patches = Patches(
                of: [Self.image], at: [AtomPosition(y: y, x: x)], size: size)
            return patches.kept.isEmpty ? nil : patches.images.elements(as: UInt8.self)
        }
        #expect(cut(1, 1, 3) == [0, 1, 2, 7, 8, 9, 14, 15, 16])
        #expect(cut(1.49, 0.51, 3) == [0, 1, 2, 7, 8, 9, 14, 15, 16])
        #expect(cut(1.5, 1, 3) == [7, 8, 9, 14, 15, 16, 21, 22, 23])
        // Of an even side the pixel is the first behind the middle.
        #expect(cut(1, 1, 2) == [0, 1, 7, 8])
        #expect(cut(5, 6, 2) == [33, 34, 40, 41])
        #expect(cut(0.4, 1, 3) == nil && cut(1, 0.4, 3) == nil)
        #expect(cut(4.5, 1, 3) == nil && cut(1, 5.5, 3) == nil && cut(4.4, 5.4, 3) != nil)
    }

    @Test func patchesKeepTheOrderOfPositions() {
        let second = Micrograph(height: 6, width: 7, pixels: [Float](repeating: 1, count: 42))
        let patches = Patches(
            of: [Self.image, second],
            at: [
                AtomPosition(frame: 1, y: 2, x: 2), AtomPosition(y: 0, x: 0),
                AtomPosition(y: 3, x: 3), AtomPosition(y: -40, x: 1e300),
            ], size: 3)
        #expect(patches.kept == [0, 2])
        #expect(patches.images.shape == [2, 3, 3])
        #expect(patches.images[0].elements(as: UInt8.self) == [UInt8](repeating: 255, count: 9))
        #expect(patches.images[1].elements(as: UInt8.self)[4] == 24)
        let stretched = Patches(
            of: [Self.image], at: [AtomPosition(y: 3, x: 3)], size: 3, levels: 0...(41 / 255))
        // 24 of 41.
        #expect(stretched.images.elements(as: UInt8.self)[4] == 149)
    }

    // MARK: Positions

    private func table(_ text: String, _ body: (PositionTable) throws -> Void = { _ in }) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/atoms.csv"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            try body(PositionTable(contentsOf: path))
        }
    }

    @Test func positionsAreReadByNameOrOrder() throws {
        try table("x,kind,y\n1.5,a,2\n3,b,4\n") { table in
            #expect(table.positions == [AtomPosition(y: 2, x: 1.5), AtomPosition(y: 4, x: 3)])
            #expect(table.texts(of: "kind") == ["a", "b"] && table.texts(of: "angle") == nil)
            #expect(!table.hasFrames)
            let stack = [Self.image, Self.image]
            let positions = try table.positions(in: stack)
            #expect(positions.map(\.frame) == [0, 0, 1, 1])
        }
        try table("2,1.5\n4,3\n") { table in
            #expect(table.positions == [AtomPosition(y: 2, x: 1.5), AtomPosition(y: 4, x: 3)])
        }
        try table("frame;y;x\n2;1;1\n1;0;0\n") { table in
            #expect(table.positions.map(\.frame) == [1, 0] && table.hasFrames)
            let positions = try table.positions(in: [Self.image, Self.image])
            #expect(positions == table.positions)
        }
    }

    @Test func badPositionsAreToldWithTheirLine() throws {
        for (text, words) in [
            ("", ["atoms.csv: expected"]), ("y,x\n", ["expected positions, found none"]),
            ("y,z\n1,2\n", ["expected columns named y and x", "\"y\", \"z\""]),
            ("1,2,3\n4,5,6\n", ["columns named y and x, or two without names", "3 without names"]),
            ("y,x\n1,2\n1,a\n", ["a finite number in line 3, column 2 (x)", "\"a\""]),
            ("y,x\n1,2\n\n1,nan\n", ["a finite number in line 4, column 2 (x)"]),
            ("y,x\n1\n", ["expected"]),
            ("y,x,frame\n1,2,0\n", ["number of an image, from 1, in line 2"]),
            ("y,x,frame\n1,2,1.5\n", ["number of an image, from 1, in line 2"]),
        ] {
            let error = #expect(throws: FileError.self, "\(text)") { try table(text) }
            for word in words { #expect(error?.description.contains(word) == true, "\(text)") }
        }
        for (text, words) in [
            ("y,x\n1,2\n5.5,2\n", ["within 6 × 7 pixels in line 3, found y 5.5, x 2.0"]),
            ("y,x\n-0.6,2\n", ["in line 2"]), ("y,x\n1,1e300\n", ["in line 2"]),
            ("y,x,frame\n1,1,2\n", ["an image from 1 to 1 in line 2, found 2"]),
        ] {
            let error = #expect(throws: FileError.self, "\(text)") {
                try table(text) { _ = try $0.positions(in: [Self.image]) }
            }
            for word in words { #expect(error?.description.contains(word) == true, "\(text)") }
        }
        try table("y,x\n-0.5,6.49\n") { table in
            let positions = try table.positions(in: [Self.image])
            #expect(positions.count == 1)
        }
    }

    @Test func nearestPositionsAreOfTheSameFrame() {
        var generator = RandomGenerator(seed: 8)
        func positions(_ count: Int) -> [AtomPosition] {
            (0..<count).map { _ in
                let numbers = generator.uniform([3]).elements(as: Float.self).map(Double.init)
                return AtomPosition(
                    frame: numbers[0] < 0.5 ? 0 : 1, y: 30 * numbers[1], x: 30 * numbers[2])
            }
        }
        let (some, others) = (positions(60), positions(40))
        let found = nearestPositions(of: some, among: others, within: 3)
        #expect(found.contains(nil) && found.contains { $0 != nil })
        for (position, index) in zip(some, found) {
            func distance(_ other: AtomPosition) -> Double {
                other.frame == position.frame
                    ? hypot(other.y - position.y, other.x - position.x) : .infinity
            }
            let nearest = others.indices.min { distance(others[$0]) < distance(others[$1]) }
            #expect(index == nearest.flatMap { distance(others[$0]) <= 3 ? $0 : nil })
        }
    }

    // MARK: Traps

    @Test func whatIsNoMicrographTraps() async {
        let size = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Micrograph(height: 2, width: 2, pixels: [0]) }
        #expect(message(of: size).contains("1 pixels for 2 × 2"))
        let radius = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = BlobDetector(radius: 0) }
        #expect(message(of: radius).contains("BlobDetector"))
        let side = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Patches(of: [], at: [AtomPosition(y: 1, x: 1)], size: 2) }
        #expect(message(of: side).contains("Patches"))
    }
}
