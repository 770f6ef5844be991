import { Body, Controller, Post } from '@nestjs/common';
import { CreateScanDto } from './dto/create-scan.dto.js';
import { ScansService } from './scans.service.js';

@Controller('v1/scans')
export class ScansController {
  constructor(private readonly scans: ScansService) {}

  @Post()
  create(@Body() dto: CreateScanDto): Promise<object> {
    return this.scans.create(dto);
  }
}
